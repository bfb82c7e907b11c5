"""Asking about an invoice or one of its lines, and the conversation that follows, on the payer's side."""
