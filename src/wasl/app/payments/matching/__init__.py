"""What a movement on the bank account pays: found by reference, by payer and amount; each finding with a score and its reason."""
