"""A push service that behaves like a strict real one: it checks what RFC 8030, 8188, 8291 and 8292 demand, and opens each message
with the browser's own keys, by code of its own, so that what it accepts a browser would show.
"""
