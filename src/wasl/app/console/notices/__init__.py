"""The seller's side of reminders: the schedule and tone, own words with their preview, and more time for one invoice."""
