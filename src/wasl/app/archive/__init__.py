"""Search over issued documents, for sellers and for payers: the text that can be erased, how it is kept and how it is found."""
