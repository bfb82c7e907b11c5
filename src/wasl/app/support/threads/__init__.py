"""Conversations by mail. A mail that tells of an answer carries an address of its own; what is written to it joins the conversation.

    letters   what such a mail carries: the answer's words, the address, the thread's headers
    address   the signed address, for one organisation, conversation and recipient
    invoices  the address of a mail that tells of no conversation yet: the invoice itself, a reminder
    receive   one mail that came in: whose it is, whether a person wrote it, and the message it becomes
    parse, plain, quotes, loops   reading a mail within bounds; HTML to text; what is new in it; who must not be answered
    kindly    the one answer to a person whose mail could not be taken
    hook      the second way in: a signed webhook beside the polled mailbox
"""
