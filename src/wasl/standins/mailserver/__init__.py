"""A local mail server: SMTP in, IMAP and a web mailbox out, and every fault that real next hops show.

Faults are chosen by the recipient's plus-tag, so one list of addresses tells a whole story:

    x+defer@      451 for ever            x+defer2@       451 twice, then accepted
    x+reject@     550                     x+dieafterdata@ stored, but the connection is cut before the 250
    x+bounce@     250, then a failure report    x+dsn@      250, then a delivery report, asked for or not
    x+latebounce@ the same, later         x+relayed@      250, then "relayed" instead of "delivered"

An address without a tag is a mailbox here: a client that asked for it (RFC 3461, NOTIFY=SUCCESS) gets a delivery report.
"""
