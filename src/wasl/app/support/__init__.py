"""Questions, disputes, help: what happens between a seller and the people who get its invoices, beyond paying."""
