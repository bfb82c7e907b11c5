"""Alerts, reminders, preferences, digests, web push."""
