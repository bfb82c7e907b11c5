"""Search over everything that was issued."""
