"""A conversation about an invoice or one of its lines, its messages, and apart from them everything that can be erased.

One thread for each invoice and line: asking again goes on where it was, so the history stays with the invoice and a live
chat needs no other model. What a payer may read hangs on the invoice (`payer_path`); internal notes have none, so no
payer's scope can ever reach them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wasl.app import clock
from wasl.app.support.models_desk import (
    CallBack,
    CannedAnswer,
    ClosedDay,
    ConversationLabel,
    DeskSetting,
    Hotline,
    Label,
    MailIn,
    ReplyAddress,
)
from wasl.app.tenancy.scope import TenantForeignKey, TenantModel

DESK = (CallBack, CannedAnswer, ClosedDay, ConversationLabel, DeskSetting, Hotline, Label, MailIn, ReplyAddress)  # Django finds models here alone

PAYER, SELLER, SYSTEM = "payer", "seller", "system"
TEXT_CHARS_MAX = 4000  # a page and a half; longer belongs into a file


class Conversation(TenantModel):
    """One thread. It is `open` exactly while the payer waits for an answer; `waiting_since` says since when."""

    QUESTION, DISPUTE = "question", "dispute"
    OPEN, ANSWERED, RESOLVED, WITHDRAWN = "open", "answered", "resolved", "withdrawn"
    LIVE = (OPEN, ANSWERED)
    # Why an invoice is disputed; a question has the reason "question"
    REASONS = ("question", "price", "quantity", "not_received", "damaged", "paid", "not_mine", "tax_details", "other")
    EXPLAINED, CREDITED, CORRECTED = "explained", "credited", "corrected"
    OUTCOMES = (EXPLAINED, CREDITED, CORRECTED)

    payer_path = "invoice_id"

    invoice = TenantForeignKey("invoicing.Invoice")
    line = models.CharField(max_length=60, blank=True)  # BT-126; empty: the whole invoice
    kind = models.CharField(max_length=10)
    reason = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=OPEN)
    state_at = models.DateTimeField(default=clock.now)
    state_side = models.CharField(max_length=6, default=PAYER)  # who brought it there
    state_person = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)
    outcome = models.CharField(max_length=10, blank=True)
    outcome_note = TenantForeignKey("invoicing.Invoice", null=True)  # the credit note that settled it
    opened_at = models.DateTimeField(default=clock.now)  # of this round: asking again after it was closed begins another
    waiting_since = models.DateTimeField(null=True)
    first_answer_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(default=clock.now)  # of the newest message
    assignee = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)
    payer_read_at = models.DateTimeField(null=True)  # up to here each side has seen it
    seller_read_at = models.DateTimeField(null=True)
    payer_got_at = models.DateTimeField(null=True)  # up to here it was on each side's screen, or in a page that was open
    seller_got_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "invoice", "line"], name="support_conversation_once"),
            models.CheckConstraint(
                condition=Q(state="open", waiting_since__isnull=False) | (~Q(state="open") & Q(waiting_since=None)), name="support_conversation_waits"
            ),
            models.CheckConstraint(condition=Q(outcome="") | Q(state="resolved"), name="support_conversation_outcome"),
        ]
        indexes = [
            models.Index(fields=["organisation", "waiting_since", "id"], name="support_conversation_waiting", condition=Q(state="open")),
            models.Index(fields=["organisation", "-last_at", "-id"], name="support_conversation_recent"),
            models.Index(fields=["organisation", "assignee", "-opened_at"], name="support_conversation_assignee"),
        ]

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def is_dispute(self) -> bool:
        return self.kind == self.DISPUTE


class Message(TenantModel):
    """One entry of a thread: something said, or an act (asked, disputed, resolved, withdrawn, reopened). Never changed.

    `key` came with the form: the same form sent twice is one message. `reason` of "reopened" is the state it went back to.
    """

    SAID, ASKED, DISPUTED, RESOLVED, WITHDRAWN, REOPENED = "said", "asked", "disputed", "resolved", "withdrawn", "reopened"
    PORTAL, CONSOLE, MAIL = "portal", "console", "mail"

    payer_path = "invoice_id"

    conversation = TenantForeignKey(Conversation)
    invoice = TenantForeignKey("invoicing.Invoice")
    side = models.CharField(max_length=6)
    act = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=10, blank=True)
    outcome_note = TenantForeignKey("invoicing.Invoice", null=True)
    person = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)  # at the seller's
    channel = models.CharField(max_length=10)
    key = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "conversation", "key"], name="support_message_once")]
        indexes = [models.Index(fields=["organisation", "invoice", "at"], name="support_message_invoice")]


class MessageBody(TenantModel):
    """What was said and by which address. Its id is the message's; it can be erased, never altered."""

    payer_path = "invoice_id"

    message = TenantForeignKey(Message)
    invoice = TenantForeignKey("invoicing.Invoice")
    text = models.TextField(blank=True)
    author = models.CharField(max_length=254, blank=True)  # the payer's address; a seller's person stands in the message
    key_id = models.CharField(max_length=40, blank=True)


class Attachment(TenantModel):
    """A file of a message, as it is handed out: `media_type` is what we found in its bytes, never what was claimed."""

    CLEAN, UNSCANNED = "clean", "unscanned"

    payer_path = "invoice_id"

    message = TenantForeignKey(Message)
    invoice = TenantForeignKey("invoicing.Invoice")
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()  # octets
    sha256 = models.BinaryField()
    width = models.PositiveIntegerField(default=0)  # pixels
    height = models.PositiveIntegerField(default=0)
    scan = models.CharField(max_length=10, default=UNSCANNED)

    class Meta:
        indexes = [models.Index(fields=["organisation", "invoice"], name="support_attachment_invoice")]


class AttachmentBody(TenantModel):
    """The bytes of a file. Its id is the attachment's; it can be erased, never altered."""

    payer_path = "invoice_id"

    attachment = TenantForeignKey(Attachment)
    invoice = TenantForeignKey("invoicing.Invoice")
    name = models.CharField(max_length=160, blank=True)  # as its sender called it, made safe
    data = models.BinaryField()
    key_id = models.CharField(max_length=40, blank=True)


class Note(TenantModel):
    """What the seller's people write to each other about a conversation. No payer's scope reaches it: it has no payer_path."""

    conversation = TenantForeignKey(Conversation)
    person = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)
    text = models.TextField()
    at = models.DateTimeField(default=clock.now)
    key = models.CharField(max_length=40)
    key_id = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "conversation", "key"], name="support_note_once")]


class Attention(TenantModel):
    """Something about an invoice that a person at the seller's should look at, from `due_at` on, until `closed_at`.

    One row for each cause (`subject`: the delivery, intent, alarm, conversation, or the invoice itself), written by the
    events of its cause and closed by those that end it. Hiding moves `due_at`.
    """

    BOUNCED, UNOPENED, STUCK, DEFERRED, PENDING, ALARM, QUESTION, NOT_MINE, CALL, RETURNED = (
        "bounced", "unopened", "stuck", "deferred", "pending", "alarm", "question", "not_mine", "call", "returned",
    )  # fmt: skip
    KINDS = (ALARM, RETURNED, NOT_MINE, BOUNCED, CALL, QUESTION, PENDING, STUCK, DEFERRED, UNOPENED)  # what hurts most comes first
    CAUSE, PERSON = "cause", "person"

    kind = models.CharField(max_length=10)
    invoice = TenantForeignKey("invoicing.Invoice")
    subject = models.UUIDField()
    since = models.DateTimeField()  # when it began
    due_at = models.DateTimeField()  # when it is worth a look
    is_hidden = models.BooleanField(default=False)  # somebody moved due_at
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=6, blank=True)
    person = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "subject"], name="support_attention_once")]
        indexes = [
            models.Index(fields=["organisation", "due_at", "id"], name="support_attention_due", condition=Q(closed_at=None)),
            models.Index(fields=["organisation", "kind", "due_at", "id"], name="support_attention_kind", condition=Q(closed_at=None)),
            models.Index(fields=["organisation", "invoice"], name="support_attention_invoice", condition=Q(closed_at=None)),
            models.Index(fields=["organisation", "-closed_at"], name="support_attention_done", condition=Q(closed_by="person")),
        ]


class AttentionSetting(TenantModel):
    """From when on something needs attention, as one seller wants it; without a row the defaults hold."""

    unopened_days = models.PositiveSmallIntegerField(default=3)
    question_hours = models.PositiveSmallIntegerField(default=24)
    deferred_hours = models.PositiveSmallIntegerField(default=6)
    pending_minutes = models.PositiveSmallIntegerField(default=60)
    has_mail = models.BooleanField(default=True)  # one mail a day, when there is something
    mail_hour = models.PositiveSmallIntegerField(default=8)  # on the seller's wall
    mailed_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="support_attentionsetting_once")]
