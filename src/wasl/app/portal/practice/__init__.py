"""The practice invoice: the payer's whole journey with play money, apart from everything real."""
