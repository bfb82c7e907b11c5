"""News to open pages within a second: `tell` in a transaction, a signed `ticket` in the page, one stream per page.

    live.tell(live.topics.invoice(org, invoice), "money")       # at COMMIT every page that listens hears it
    live.stream_url([live.topics.invoice(org, invoice)], 900)   # "/events/<ticket>": put into the page, see ui/scripts/live.js

What travels is small and says only *that* something happened; a page asks its own address what it is, with its own rights.
Nothing is kept: who was away hears `missed` and asks again. Never call `tell` on the path of issuing: commits that NOTIFY
take a lock of the whole database cluster.
"""

from wasl.app.live import topics
from wasl.app.live.tell import tell
from wasl.app.live.ticket import stream_url, ticket

__all__ = ["stream_url", "tell", "ticket", "topics"]
