"""What needs attention at the seller's desk: a list, one action for each, done or later."""
