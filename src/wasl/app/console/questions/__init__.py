"""The seller's side of conversations: who waits longest, what was said, the invoice beside it, and the way to mend it."""
