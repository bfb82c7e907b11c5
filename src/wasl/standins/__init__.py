"""Stand-ins for the outside world: a mail server and a bank, each a process of its own and as strict as the real one.

They import nothing from the product; the product knows them only through SMTP, IMAP and HTTP.
"""
