"""Statements, ageing, sustainability: figures folded from what happened."""
