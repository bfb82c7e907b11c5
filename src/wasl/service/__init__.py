"""Checking as a service: one document, a folder or a ZIP of them on all cores, and the same over HTTP.

`examine` checks one document by every rule of its profile; `intake` finds documents in folders and ZIP files within bounds;
`many` spreads them over processes; `web` answers HTTP. No Django, no database, and nothing of a document is kept.
"""
