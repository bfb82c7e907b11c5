"""What the pages of a conversation say, for both sides: the thread as bubbles, its line, its state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markupsafe import Markup

from wasl.app import clock
from wasl.app.portal.chat import live
from wasl.app.portal.viewer import Viewer
from wasl.app.support import words
from wasl.app.support.conversations import conversations_of, thread
from wasl.app.support.conversations.read import File, Said
from wasl.app.support.hours.hotline import lines
from wasl.app.support.models import PAYER, SELLER, Conversation, Message
from wasl.app.ui import format, macros
from wasl.app.ui.counting import ngettext
from wasl.app.ui.i18n import current
from wasl.invoice.money import from_minor

NEVER = datetime(1, 1, 1, tzinfo=UTC)
SHOWN = 30  # messages on a page; the earlier ones are one click away


@dataclass(frozen=True)
class Picture:
    href: str
    width: int
    height: int
    size: str


@dataclass(frozen=True)
class Paper:
    """A file that is no picture."""

    href: str
    name: str
    size: str


@dataclass(frozen=True)
class Bubble:
    """One entry of a thread as its reader sees it. kind: text | note | act. `tag` says what it is about, where it says that."""

    kind: str
    is_mine: bool
    who: str
    when: Markup
    text: str
    tag: str = ""
    tag_tone: str = "info"
    pictures: tuple[Picture, ...] = ()
    is_erased: bool = False
    mark: str = ""  # Sent, Delivered, Seen: of one's own messages
    day: Markup | None = None  # heads the first entry of a day
    day_key: str = ""
    id: str = ""
    stamp: str = ""  # the moment, for comparing with the other side's markers
    papers: tuple[Paper, ...] = ()
    document: str = ""  # number of the credit note that settled it
    amount: Markup | None = None
    document_href: str = ""
    channel: str = ""  # how it came, where that is worth saying: by e-mail
    original_href: str = ""  # the mail as it came, at the seller's desk
    left: str = ""  # what is only in the original


@dataclass(frozen=True)
class LineShown:
    """A line of the invoice as the question names it."""

    identifier: str
    name: str
    amount: Decimal | None
    currency: str


@dataclass(frozen=True)
class Talk:
    """A conversation as the invoice's page lists it."""

    title: str
    state: str
    tone: str
    href: str
    unread: int = 0  # answers that nobody has read


@dataclass(frozen=True)
class Frame:
    """What the layout of the payer's pages shows, and the invoice that it is about."""

    seller_name: str
    seller_lang: str
    is_private: bool
    number: str
    total: Decimal
    currency: str
    line: LineShown | None
    back: str
    phone: str = ""


@dataclass(frozen=True)
class FreshPage:
    """What a page that is open has not got yet, and how far the other side is."""

    bubbles: Sequence[Bubble]
    got: str
    seen: str
    state: str


@dataclass(frozen=True)
class AskPage:
    frame: Frame
    presence: Any
    reasons: Sequence[tuple[str, str]]
    earlier: Sequence[tuple[Conversation, str, str]]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.frame, name)


@dataclass(frozen=True)
class TalkPage:
    frame: Frame
    conversation: Conversation
    title: str
    state: str
    tone: str
    bubbles: Sequence[Bubble]
    hidden: int  # earlier messages that are not on the page
    live: Any  # portal.chat.live.Live
    presence: Any  # portal.chat.live.Presence
    tells: bool = True  # whether a mail says that an answer is there

    def __getattr__(self, name: str) -> Any:
        return getattr(self.frame, name)


def frame(viewer: Viewer, line: LineShown | None) -> Frame:
    name = viewer.org.name_in(current())
    hotline = next((each.tel for each in lines(viewer.org)), viewer.org.phone)
    row = viewer.row
    return Frame(
        name, "ar" if name == viewer.org.name_ar else "en", viewer.is_private and viewer.link is not None, row.number,
        from_minor(row.payable_amount, row.currency), row.currency, line, viewer.base_url, hotline,
    )  # fmt: skip


def line_of(document: Any, identifier: str) -> LineShown | None:
    """The line of the sealed document with that identifier (BT-126); None where there is none, or the document is gone."""
    for line in document.lines if document is not None else ():
        if line.identifier == identifier:
            return LineShown(identifier, (line.item.name if line.item else None) or "", line.net_amount, document.currency)
    return None


def ask_page(viewer: Viewer, line: str) -> AskPage | None:
    """None where the invoice has no such line."""
    shown = line_of(viewer.document, line) if line else None
    if line and shown is None:
        return None
    reasons = [(key, words.reason(key)) for key in Conversation.REASONS]
    earlier = [(each, title(viewer.document, each), words.state(each, is_seller=False)) for each in conversations_of(viewer.row)]
    return AskPage(frame(viewer, shown), live.presence(viewer.org), reasons, earlier)


def talk_page(viewer: Viewer, conversation: Conversation, *, whole: bool = False) -> TalkPage:
    shown = line_of(viewer.document, conversation.line) if conversation.line else None
    said = thread(conversation)
    kept = said if whole else said[-SHOWN:]
    return TalkPage(
        frame(viewer, shown), conversation, title(viewer.document, conversation), words.state(conversation, is_seller=False),
        words.TONES[conversation.state], eyes_of(viewer, conversation).bubbles(kept), len(said) - len(kept),
        live.of_conversation(viewer, conversation), live.presence(viewer.org),
    )  # fmt: skip


def eyes_of(viewer: Viewer, conversation: Conversation) -> Eyes:
    file_url = partial(viewer.url, "payer-question-file", conversation_id=conversation.pk)
    return Eyes(False, viewer.org, viewer.row, viewer.email, conversation, file_url)


def fresh_page(viewer: Viewer, conversation: Conversation, after: str) -> FreshPage:
    """The entries behind the one with id `after`; without one, the newest."""
    return fresh_of(eyes_of(viewer, conversation), thread(conversation), after)


def fresh_of(eyes: Eyes, said: Sequence[Said], after: str) -> FreshPage:
    """The same for either side: `said` is the thread as this side may see it."""
    at = next((place for place, each in enumerate(said) if str(each.id) == after), None)
    later = said[-SHOWN:] if at is None else said[at + 1 :]
    day = None if at is None else format.local_day(said[at].at, format.reader_zone(eyes.org.time_zone))
    marks = Marks.of(eyes.conversation, is_seller=eyes.is_seller)
    state = words.state(eyes.conversation, is_seller=eyes.is_seller)
    return FreshPage(eyes.bubbles(later, after=day), stamp(marks.got), stamp(marks.seen), state)


def title(document: Any, conversation: Conversation) -> str:
    """ "Wrong price · Server maintenance": what it is about, and of which line."""
    about = words.topic(conversation.reason)
    line = line_of(document, conversation.line) if conversation.line else None
    if line is not None and line.name:
        return f"{about} · {format.isolate(line.name)}"
    if conversation.line:
        return f"{about} · " + _("line %(line)s") % {"line": format.isolate(conversation.line)}
    return about


@dataclass(frozen=True)
class Marks:
    """How far the other side has got and has seen."""

    got: datetime
    seen: datetime

    @classmethod
    def of(cls, conversation: Conversation, *, is_seller: bool) -> Marks:
        it = conversation
        got, seen = (it.payer_got_at, it.payer_read_at) if is_seller else (it.seller_got_at, it.seller_read_at)
        seen = seen or NEVER
        return cls(max(got or NEVER, seen), seen)

    @property
    def words(self) -> tuple[str, str, str]:
        return pgettext("message", "Sent"), pgettext("message", "Delivered"), pgettext("message", "Seen")


def stamp(at: datetime) -> str:
    """A moment as text that sorts like it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True)
class Eyes:
    """Whose eyes a thread is seen with: the seller's, or those of the person behind `email`."""

    is_seller: bool
    org: Any
    row: Any
    email: str
    conversation: Conversation
    file_url: Any
    document_url: Any = None  # of a credit note's id, at the seller's desk
    original_url: Any = None  # of a message's id: the mail it came as, at the seller's desk

    def bubbles(self, said: Sequence[Said], *, after: date | None = None) -> list[Bubble]:
        """Entries under the heads of their days; `after` is the day of what is shown already above them."""
        shown: list[Bubble] = []
        before = after
        for each in said:
            day = format.local_day(each.at, format.reader_zone(self.org.time_zone))
            shown.append(self.bubble(each, self.head(day) if day != before else None))
            before = day
        return shown

    def head(self, day: date) -> Markup:
        today = format.local_day(clock.now(), format.reader_zone(self.org.time_zone))
        return Markup("{}").format(_("Today")) if day == today else macros.day(day, self.org.country)

    def bubble(self, said: Said, day: Markup | None) -> Bubble:
        closes = said.act in (Message.RESOLVED, Message.WITHDRAWN, Message.REOPENED)
        is_mine = (said.side == SELLER) == self.is_seller
        tag, tone = self.tag(said)
        number = said.note_number
        return Bubble(
            "note" if said.is_note else "act" if closes else "text", is_mine, self.who(said), self.when(said.at), said.text, tag, tone,
            pictures=tuple(self.picture(file) for file in said.files if file.width),
            papers=tuple(self.paper(file) for file in said.files if not file.width),
            id=str(said.id),
            stamp=stamp(said.at),
            is_erased=said.is_erased and not closes,
            mark=self.mark(said, is_mine),
            day=day,
            day_key=format.local_day(said.at, format.reader_zone(self.org.time_zone)).isoformat(),
            document=number,
            amount=macros.money(-from_minor(said.note_amount, self.row.currency), self.row.currency) if number else None,
            document_href=self.document_url(said.note_id) if number and self.document_url else "",
            channel=_("by e-mail") if said.channel == Message.MAIL else "",
            original_href=self.original_url(said.id) if said.has_original and self.original_url else "",
            left=self.left(said) if self.is_seller and said.files_left else "",
        )  # fmt: skip

    def tag(self, said: Said) -> tuple[str, str]:
        """What an entry is about, and its tone: the reason at the start, the end at the end."""
        if said.act == Message.RESOLVED:
            return _("Marked as solved") if said.side == PAYER else words.outcome(said.outcome), "good"
        if said.act == Message.WITHDRAWN:
            return _("Taken back"), "off"
        if said.act == Message.REOPENED:
            return _("Opened again"), "wait"
        if said.act in (Message.ASKED, Message.DISPUTED):
            return words.topic(said.reason), "late" if said.act == Message.DISPUTED else "info"
        if said.is_stranger and self.is_seller:
            return _("From another address than the one we wrote to"), "wait"
        return "", ""

    def left(self, said: Said) -> str:
        return ngettext("%(num)d attachment is only in the original mail", "%(num)d attachments are only in the original mail", said.files_left)

    def who(self, said: Said) -> str:
        """A name, and to payers never an address that is not their own."""
        if said.side == SELLER:
            return said.person or (_("You") if self.is_seller and not said.is_note else self.org.name_in(current()))
        if self.is_seller:
            return said.sender if said.is_stranger and said.sender else said.author or _("the customer")
        return _("You") if said.author.lower() == self.email.lower() else _("Another reader of this invoice")

    def mark(self, said: Said, is_mine: bool) -> str:
        """How far it has got, said of one's own messages only: kept by us, on an open page of the other side, before their eyes."""
        if not is_mine or said.is_note:
            return ""
        marks = Marks.of(self.conversation, is_seller=self.is_seller)
        return marks.words[2 if marks.seen >= said.at else 1 if marks.got >= said.at else 0]

    def when(self, at: datetime) -> Markup:
        zone = format.reader_zone(self.org.time_zone)
        return Markup('<time datetime="{}"><bdi dir="ltr">{}</bdi></time>').format(at.isoformat(), format.clock(at, zone))

    def paper(self, file: File) -> Paper:
        return Paper(self.file_url(file_id=file.id), file.name or _("File"), format.file_size(file.size))

    def picture(self, file: File) -> Picture:
        return Picture(self.file_url(file_id=file.id), file.width, file.height, format.file_size(file.size))
