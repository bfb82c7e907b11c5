"""What people and machines read about a checked file: where each finding stands in it, in words, JSON, SARIF and one HTML page.

`shown` turns a report into plain data in both languages; `asjson`, `sarif` and `page` write that down. Nothing here runs a rule.
"""
