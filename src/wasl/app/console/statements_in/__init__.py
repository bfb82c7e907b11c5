"""Bank statements at the seller's desk: upload, look, import, decide what each movement pays."""
