"""Canned answers: kept in one or both languages, filled with the invoice's own figures, chosen by the payer's language."""
