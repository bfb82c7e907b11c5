"""What the seller's desk keeps beside conversations: mail that joined them, labels, canned answers, hours, and who is to be called.

Telephone numbers, senders and mails are personal: their rows go with an erasure of the invoice; that somebody wrote or asked
for a call, and when, stays in the message and the event.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wasl.app import clock
from wasl.app.tenancy.scope import TenantForeignKey, TenantModel


class ReplyAddress(TenantModel):
    """The address behind which one recipient answers about one conversation. `used_at`: when a mail last carried it."""

    conversation = TenantForeignKey("support.Conversation")
    invoice = TenantForeignKey("invoicing.Invoice")
    recipient = models.CharField(max_length=254)  # normalised: who alone is believed to be the payer
    used_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "conversation", "recipient"], name="support_replyaddress_once")]
        indexes = [models.Index(fields=["id"], name="support_replyaddress_id")]  # an address names its row alone


class MailIn(TenantModel):
    """A mail that joined a conversation, whole, as it came: for the seller alone. Its id is the message's."""

    conversation = TenantForeignKey("support.Conversation")
    invoice = TenantForeignKey("invoicing.Invoice")
    message = TenantForeignKey("support.Message")
    sender = models.CharField(max_length=254, blank=True)
    is_stranger = models.BooleanField(default=False)  # another address than the one we wrote to
    message_ref = models.CharField(max_length=250, blank=True)  # Message-ID, with its brackets; "" where it had no usable one
    files_left = models.PositiveSmallIntegerField(default=0)  # attachments that stayed in the original alone
    size = models.PositiveIntegerField()  # octets
    sha256 = models.BinaryField()
    data = models.BinaryField()
    key_id = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "conversation", "received_at"], name="support_mailin_conversation"),
            models.Index(fields=["sender", "received_at"], name="support_mailin_sender"),
        ]


class Label(TenantModel):
    """A word of the team's own for conversations; `tone` is a colour of the tokens."""

    TONES = ("info", "good", "wait", "late", "off")

    name = models.CharField(max_length=40)
    tone = models.CharField(max_length=10, default="info")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="support_label_once")]


class ConversationLabel(TenantModel):
    conversation = TenantForeignKey("support.Conversation")
    label = TenantForeignKey(Label)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "conversation", "label"], name="support_conversationlabel_once")]
        indexes = [models.Index(fields=["organisation", "label"], name="support_conversationlabel_of")]


class CannedAnswer(TenantModel):
    """An answer that is given often, in one or both languages, with variables such as {number}."""

    title = models.CharField(max_length=80)
    text_ar = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "title"], name="support_cannedanswer_once"),
            models.CheckConstraint(condition=~Q(text_ar="") | ~Q(text_en=""), name="support_cannedanswer_says"),
        ]


class DeskSetting(TenantModel):
    """How the desk of one seller works; without a row: no hours are told, nobody is called, nothing is shared out by itself."""

    week = models.JSONField(default=dict)  # {"0": [[540, 1020]]}: Monday is 0; minutes of the seller's wall clock
    keeps_holidays = models.BooleanField(default=True)  # public holidays of the organisation's country
    shares_out = models.BooleanField(default=False)  # new conversations go to the members in turn
    takes_calls = models.BooleanField(default=False)  # "call me back" is offered
    calls_at_once = models.PositiveSmallIntegerField(default=2)  # in one slot

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="support_desksetting_once")]


class ClosedDay(TenantModel):
    """Days on which this seller is closed beside week-ends and public holidays."""

    first = models.DateField()
    last = models.DateField()
    name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="support_closedday_order")]
        indexes = [models.Index(fields=["organisation", "last"], name="support_closedday_last")]


class Hotline(TenantModel):
    """A number to call, and when: its own hours of every working day, or the seller's business hours."""

    number = models.CharField(max_length=20)  # E.164
    languages = models.CharField(max_length=10, default="ar,en")
    opens = models.PositiveSmallIntegerField(null=True)  # minutes of the day; None: business hours
    closes = models.PositiveSmallIntegerField(null=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="support_hotline_once"),
            models.CheckConstraint(
                condition=Q(opens=None, closes=None) | Q(opens__isnull=False, closes__gt=models.F("opens")), name="support_hotline_hours"
            ),
        ]


class CallBack(TenantModel):
    """A payer wants to be called about an invoice, in a slot of the seller's hours."""

    OPEN, UNANSWERED, DONE, CANCELLED = "open", "unanswered", "done", "cancelled"
    LIVE = (OPEN, UNANSWERED)

    payer_path = "invoice_id"

    invoice = TenantForeignKey("invoicing.Invoice")
    state = models.CharField(max_length=10, default=OPEN)
    state_at = models.DateTimeField(default=clock.now)
    person = models.ForeignKey("tenancy.Person", on_delete=models.DO_NOTHING, related_name="+", null=True, db_index=False)  # who called last
    tries = models.PositiveSmallIntegerField(default=0)
    slot_from = models.DateTimeField()
    slot_until = models.DateTimeField()
    phone = models.CharField(max_length=20, blank=True)  # E.164; "" once erased
    email = models.CharField(max_length=254, blank=True)  # who asked; "" once erased
    about = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, default="ar")
    key = models.CharField(max_length=40)
    reminded_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "invoice", "key"], name="support_callback_once")]
        indexes = [
            models.Index(fields=["organisation", "slot_from", "id"], name="support_callback_waiting", condition=Q(state__in=("open", "unanswered"))),
            models.Index(fields=["organisation", "invoice", "-created_at"], name="support_callback_invoice"),
        ]
