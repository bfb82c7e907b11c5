"""Bank statements of a seller: files taken in, their movements kept once, and what each of them pays."""
