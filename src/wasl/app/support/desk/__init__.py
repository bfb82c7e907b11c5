"""The team's work on conversations: labels, turns, many at once with undo, and how long answers take."""
