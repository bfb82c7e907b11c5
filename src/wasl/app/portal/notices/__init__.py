"""What was said to the addresses of an inbox: the notices that come "here"."""
