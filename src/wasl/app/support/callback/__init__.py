""" "Call me back": a payer asks for a call in a slot of the seller's hours; the desk calls, and says how it went.

    open        waits for its slot           payer: cancel; desk: done, unanswered
    unanswered  nobody picked up             the same; it stays in the queue
    done, cancelled
"""

from wasl.app.support.callback.acts import cancel, done, unanswered
from wasl.app.support.callback.ask import call_back, live_call
from wasl.app.support.callback.slots import Slot, slots

__all__ = ["Slot", "call_back", "cancel", "done", "live_call", "slots", "unanswered"]
