"""The rest of the seller's desk: calls that wait, canned answers, labels, hours and hotlines, and how long answers take."""
