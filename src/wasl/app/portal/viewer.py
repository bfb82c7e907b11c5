"""Who looks at one invoice, and by which road: one set of views and templates serves a link (`/i/<token>/...`) and a
sign-in (`/inbox/i/<organisation>/<invoice>/...`).

    @by_viewer                                   # a person's own link, or an inbox that holds the invoice
    def ask(request, viewer, ...): ...

    @by_viewer(Link.MAIL, Link.PDF, role="pay")  # the code printed on the document too; an inbox only with that role
    def pay(request, viewer, ...): ...

A link is its own scope; an inbox reaches an invoice through a grant alone. Every other text in either address gets the
same 404 as one that never was (T53, T57).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, wraps
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse

from wasl.app import clock
from wasl.app.invoicing.links import ResolvedLink, printed_links
from wasl.app.invoicing.models import Document, Invoice, Link
from wasl.app.invoicing.prepare import local_date
from wasl.app.payments.standing import Standing, standing
from wasl.app.portal.access import missed, private, through_link
from wasl.app.portal.open_link import read, sealed_bytes, was_erased
from wasl.app.portal.queries import Beside, beside
from wasl.app.portal.verdict import Judged, judged
from wasl.app.tenancy.models import Organisation
from wasl.app.ui import language
from wasl.invoice.model import Invoice as InvoiceModel

PAYING_ROLES = ("pay", "owner")  # of an inbox's seats
LINK, INBOX = "i/<str:token>", "inbox/i/<uuid:org_id>/<uuid:invoice_id>"
INBOX_NAME = "inbox-"  # before the name of a route: "payer-pay" and "inbox-payer-pay" are one page by two roads

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Viewer:
    """One invoice and its reader. `link` or `inbox` is set, never both; what costs a query is asked when first wanted."""

    org: Organisation
    row: Invoice
    email: str  # who asks, as far as proven: the link's recipient, the signed-in person; "" for the code on the document
    link: ResolvedLink | None = None
    inbox: Any = None  # tenancy.payers.Inbox
    can_pay: bool = True
    base_url: str = ""  # "/i/<token>": the page itself; "/ask" and the like go behind it

    @property
    def is_private(self) -> bool:
        """Lines, files and history are for whoever the document was sent to: not for the code printed on it."""
        return self.link is None or self.link.purpose == Link.MAIL

    @property
    def key(self) -> tuple[str, str]:
        """What tells this reader from another in the invoice's story: ("link", id) or ("person", id)."""
        return ("link", str(self.link.id)) if self.link else ("person", str(self.inbox.person.pk))

    def url(self, name: str, **kwargs: Any) -> str:
        """The address of a page of this invoice by the road that this reader came: `viewer.url("payer-pay")`."""
        if self.link is not None:
            return reverse(name, kwargs={"token": self.link.token, **kwargs})
        return reverse(INBOX_NAME + name, kwargs={"org_id": self.org.pk, "invoice_id": self.row.pk, **kwargs})

    @property
    def today(self) -> date:
        return local_date(self.org, clock.now())

    @cached_property
    def sealed(self) -> dict[str, bytes]:
        """The sealed original and its seal as they are stored; without those that are not there."""
        return sealed_bytes(self.row)

    @cached_property
    def _read(self) -> tuple[InvoiceModel | None, bool]:
        xml = self.sealed.get(Document.XML)
        document, damaged = read(xml)
        return document, damaged or (xml is None and not was_erased(self.row))

    @property
    def document(self) -> InvoiceModel | None:
        """None once its bytes were erased, or are damaged."""
        return self._read[0]

    @property
    def is_damaged(self) -> bool:
        return self._read[1]

    @cached_property
    def standing(self) -> Standing:
        return standing(self.org, self.row)

    @property
    def due(self) -> date | None:
        """The day from which it counts as late: the document's own, or a later one that the seller granted."""
        return self.standing.due or self.row.due_date

    @property
    def granted(self) -> date | None:
        """The later day that the seller granted; None where the document's own holds."""
        return self.standing.due if self.standing.due and self.standing.due != self.row.due_date else None

    @cached_property
    def beside(self) -> Beside:
        """The account and the place in the log."""
        return beside(self.row)

    @property
    def logged_at(self) -> datetime | None:
        return self.beside.entry.published_at if self.beside.entry else None

    @cached_property
    def verdict(self) -> Judged:
        """What `wasl verify` says of the stored bytes."""
        return judged(self.row, self.sealed, self.beside.entry)

    @cached_property
    def printed(self) -> tuple[str, str]:
        """(pay, verify): the tokens of the codes that the document bears."""
        return printed_links(self.row)

    def again(self) -> Viewer:
        """The same reader, with what may have changed since asked anew."""
        return replace(self)


def of_link(link: ResolvedLink) -> Viewer:
    row = Invoice.objects.for_org(link.organisation_id).select_related("organisation").get(pk=link.invoice_id)
    email = link.recipient if link.purpose == Link.MAIL else ""
    return Viewer(row.organisation, row, email, link, base_url=reverse("payer", args=[link.token]) if link.purpose != Link.VERIFY else "")


def of_inbox(inbox: Any, org_id: UUID, invoice_id: UUID) -> Viewer | None:
    """The invoice in this inbox, None where no grant names it."""
    row = Invoice.objects.for_payer(inbox.payer).filter(organisation_id=org_id, pk=invoice_id).select_related("organisation").first()
    if row is None:
        return None
    base = reverse(f"{INBOX_NAME}payer", args=[org_id, invoice_id])
    return Viewer(row.organisation, row, inbox.person.email, None, inbox, inbox.role in PAYING_ROLES, base)


def by_viewer(*purposes: Any, role: str = "view") -> Any:
    """Decorate `view(request, viewer, ...)`: 404, 410 or 429 where the address opens nothing, sign-in where it needs one.

    Bare, or with the purposes of the links that may open it (a person's own link where none is named) and the least role
    that an inbox's seat must have.
    """
    if len(purposes) == 1 and callable(purposes[0]):
        return by_viewer()(purposes[0])
    wanted = purposes or (Link.MAIL,)

    def decorate(view: View) -> View:
        def by_seat(request: HttpRequest, inbox: Any, org_id: UUID, invoice_id: UUID, **kwargs: Any) -> HttpResponse:
            viewer = of_inbox(inbox, org_id, invoice_id)
            if viewer is None:
                return missed(request)
            return private(view(request, viewer, **kwargs))

        seated = _door(role)(by_seat)

        @wraps(view)
        def guarded(request: HttpRequest, token: str | None = None, **kwargs: Any) -> HttpResponse:
            if token is None:
                return seated(request, **kwargs)
            link = through_link(request, token, wanted)
            if isinstance(link, HttpResponse):
                return link
            viewer = of_link(link)
            language.prefer(request, viewer.row.language)
            return private(view(request, viewer, **kwargs))

        return guarded

    return decorate


def has_inboxes() -> bool:
    return find_spec("wasl.app.portal.door") is not None


def _door(role: str) -> Callable[[View], View]:
    if not has_inboxes():
        return lambda view: view  # then no address leads here: see `routes`
    from wasl.app.portal.door import by_inbox

    return by_inbox(role=role)


def routes(tail: str, view: View, name: str, **kwargs: Any) -> Iterator[URLPattern]:
    """The addresses of one page by both roads: `*routes("/pay", pay, "payer-pay")`."""
    yield path(LINK + tail, view, kwargs, name=name)
    if has_inboxes():
        yield path(INBOX + tail, view, kwargs, name=INBOX_NAME + name)
