"""Conversations about an invoice or one of its lines: who may say what in which state, and the event of each act.

    open      the payer waits            payer: ask, reply -> open     seller: answer -> answered
    answered  the payer may go on        payer: reply -> open          both: resolve -> resolved, payer: withdraw -> withdrawn
    resolved by the seller               seller: reopen -> where it was before
    resolved, withdrawn                  payer: ask, reply -> open; the seller may add a word, which opens nothing

A live dispute (`disputed`) stops reminders; it ends with `resolved` or `withdrawn`. Each act is one message, one event and
one change of state in one transaction; the same form key makes nothing twice.
"""

from wasl.app.support.conversations.answer import answer
from wasl.app.support.conversations.ask import ask
from wasl.app.support.conversations.assign import assign
from wasl.app.support.conversations.note import note
from wasl.app.support.conversations.payer import Payer
from wasl.app.support.conversations.read import conversation_of, conversations_of, thread
from wasl.app.support.conversations.reopen import reopen
from wasl.app.support.conversations.reply import reply
from wasl.app.support.conversations.resolve import resolve
from wasl.app.support.conversations.seen import got, seen
from wasl.app.support.conversations.withdraw import withdraw

__all__ = [
    "Payer", "answer", "ask", "assign", "conversation_of", "conversations_of", "got", "note", "reopen", "reply", "resolve", "seen", "thread",
    "withdraw",
]  # fmt: skip
