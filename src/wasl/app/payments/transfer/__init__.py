"""Paying by bank transfer: the reference that leads back to its invoice, the account and since when it is the one, names that look alike."""
