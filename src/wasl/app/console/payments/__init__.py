"""Money at the seller's desk: payments, what belongs nowhere yet, refunds, payouts, the close of a day, and all of it as tables."""
