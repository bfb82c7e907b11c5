"""What we will say to whom about an invoice, and what was said: preferences, schedules, watches, notices, push, digests."""

from __future__ import annotations

from datetime import time

from django.db import models

from wasl.app import clock
from wasl.app.ids import uuid7
from wasl.app.tenancy.scope import TenantForeignKey, TenantModel


class Preference(models.Model):
    """How one address wants to hear from every seller of the installation; whoever has chosen nothing has no row."""

    email = models.CharField(max_length=254, primary_key=True)  # normalised
    language = models.CharField(max_length=2, blank=True)
    digits = models.CharField(max_length=4, default="latn")
    hijri = models.BooleanField(default=False)
    theme = models.CharField(max_length=5, default="auto")
    time_zone = models.CharField(max_length=60, blank=True)  # "": the seller's
    country = models.CharField(max_length=2, blank=True)  # "": the seller's
    channels = models.JSONField(default=dict)  # {kind: [channel, ...]}, only what differs from the default
    reminder_days = models.JSONField(null=True)  # days before the due date, [7, 3, 0]; null: the seller's
    digest = models.CharField(max_length=6, default="off")
    quiet_from = models.TimeField(default=time(21))
    quiet_until = models.TimeField(default=time(8))
    skip_weekends = models.BooleanField(default=True)
    skip_holidays = models.BooleanField(default=True)
    pay_way = models.CharField(max_length=20, default="", db_default="", blank=True)  # a family of payments/families.py; "": none preferred
    updated_at = models.DateTimeField(default=clock.now)


class Suppression(models.Model):
    """A mailbox that refuses mail for good. `since` is set once enough hard bounces came in a row: reminders end then."""

    email = models.CharField(max_length=254, primary_key=True)
    hard_bounces = models.PositiveSmallIntegerField(default=0)
    last_reply = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(default=clock.now)


class PushSubscription(models.Model):
    """One browser that an address allowed to be woken (RFC 8030). `endpoint_sha256` keeps it single."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.CharField(max_length=254)
    endpoint = models.CharField(max_length=1000)
    endpoint_sha256 = models.BinaryField(unique=True)
    p256dh = models.CharField(max_length=100)  # the browser's public key, base64url of 65 bytes
    auth = models.CharField(max_length=40)  # its secret, base64url of 16 bytes
    language = models.CharField(max_length=2, blank=True)
    label = models.CharField(max_length=80, blank=True)  # "Firefox, Linux": so that a person knows which to remove
    created_at = models.DateTimeField(default=clock.now)
    last_ok_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["email"], name="notices_push_email")]


class Digest(models.Model):
    """One mail for several notices of several sellers, to one address, once for each day or week."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.CharField(max_length=254)
    period = models.DateField()  # the local day on which it was due
    language = models.CharField(max_length=2)
    message_id = models.CharField(max_length=120)
    return_path = models.CharField(max_length=254)
    state = models.CharField(max_length=12, default="queued")  # as of a Delivery
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(default=clock.now)
    next_attempt_at = models.DateTimeField(default=clock.now)
    in_flight = models.BooleanField(default=False)
    state_at = models.DateTimeField(default=clock.now)
    reply = models.CharField(max_length=200, blank=True)
    data = models.BinaryField(null=True)  # the bytes that were first tried
    sha256 = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["email", "period"], name="notices_digest_once")]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="notices_digest_due", condition=models.Q(state__in=("queued", "deferred", "unknown"))),
        ]


class Schedule(TenantModel):
    """When and in what tone a seller reminds; one row an organisation. Without a row the house's own schedule holds."""

    enabled = models.BooleanField(default=True)
    steps = models.JSONField(default=list)  # days from the due date: [-3, 0, 3]; below zero before it
    hour = models.TimeField(default=time(9))  # on the reader's wall
    tone = models.CharField(max_length=7, default="neutral")
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="notices_schedule_once")]


class SellerText(TenantModel):
    """A seller's own words for one kind of reminder in one language; without a row ours in the seller's tone hold."""

    kind = models.CharField(max_length=10)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200)
    body = models.CharField(max_length=2000)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "language"], name="notices_text_once")]


class Watch(TenantModel):
    """One invoice watched for one recipient, and the next reminder about it: a plan, computed anew whenever it is `stale`."""

    payer_path = "invoice_id"
    PAID, CREDITED, NOT_MINE, STOPPED, BOUNCED, ERASED = "paid", "credited", "not_mine", "stopped", "bounced", "erased"
    WITHDRAWN = "withdrawn"  # the seller took back what it had sent there

    invoice = TenantForeignKey("invoicing.Invoice")
    email = models.CharField(max_length=254)  # normalised
    language = models.CharField(max_length=2)
    due_date = models.DateField(null=True)  # the one that counts now: the document's, or a later one that the seller granted
    done_through = models.SmallIntegerField(null=True)  # the last step of this due date that is over
    remind_on = models.DateField(null=True)  # the day that the reader asked for instead of the next step
    has_own = models.BooleanField(default=False)  # the address has preferences of its own
    closed = models.CharField(max_length=10, blank=True, default="")  # why nothing more is to come
    stale = models.BooleanField(default=True)
    epoch = models.IntegerField(default=0, db_default=0)  # raised by whatever makes it stale: a plan made before that does not count
    parked = models.CharField(max_length=100, blank=True, default="")  # what kept it from being planned (T91)
    next_at = models.DateTimeField(null=True)
    next_kind = models.CharField(max_length=10, blank=True, default="")
    next_step = models.SmallIntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "invoice", "email"], name="notices_watch_once")]
        indexes = [
            models.Index(fields=["next_at"], name="notices_watch_next", condition=models.Q(closed="", stale=False, next_at__isnull=False)),
            models.Index(fields=["organisation"], name="notices_watch_stale", condition=models.Q(stale=True, closed="")),
            models.Index(fields=["email"], name="notices_watch_email"),
        ]


class Notice(TenantModel):
    """One thing said, or to be said, to one recipient about one invoice. `step` makes it single for ever."""

    payer_path = "invoice_id"
    PLANNED, HELD, QUEUED, SENT, UNKNOWN, BOUNCED, DROPPED = "planned", "held", "queued", "sent", "unknown", "bounced", "dropped"

    invoice = TenantForeignKey("invoicing.Invoice")
    email = models.CharField(max_length=254)
    language = models.CharField(max_length=2)
    kind = models.CharField(max_length=10)
    step = models.CharField(max_length=60)  # "2026-12-23/-3", or the event that it tells of
    state = models.CharField(max_length=8, default=PLANNED)
    reason = models.CharField(max_length=20, blank=True)  # of being held or dropped
    due_at = models.DateTimeField()  # planned and held ones are looked at then
    channels = models.JSONField(default=list)
    data = models.JSONField(default=dict)  # nothing personal
    delivery_id = models.UUIDField(null=True)  # the mail
    digest_id = models.UUIDField(null=True)  # or the digest that holds it
    created_at = models.DateTimeField(default=clock.now)
    state_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(null=True)  # in the portal

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "invoice", "email", "step"], name="notices_notice_once")]
        indexes = [
            models.Index(fields=["due_at"], name="notices_notice_due", condition=models.Q(state__in=("planned", "held"))),
            models.Index(fields=["email", "-created_at"], name="notices_notice_email"),
            models.Index(fields=["delivery_id"], name="notices_notice_delivery", condition=models.Q(delivery_id__isnull=False)),
            models.Index(fields=["digest_id"], name="notices_notice_digest", condition=models.Q(digest_id__isnull=False)),
        ]


class Push(TenantModel):
    """One notice on its way to one browser. Its id is the `Topic`: a second copy replaces the first at the push service."""

    payer_path = None
    QUEUED, DEFERRED, HANDED_OVER, UNKNOWN, GONE, DROPPED = "queued", "deferred", "handed_over", "unknown", "gone", "dropped"

    notice = TenantForeignKey(Notice)
    subscription_id = models.UUIDField()
    state = models.CharField(max_length=12, default=QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now)
    in_flight = models.BooleanField(default=False)
    state_at = models.DateTimeField(default=clock.now)
    reply = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "notice", "subscription_id"], name="notices_push_once")]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="notices_push_due", condition=models.Q(state__in=("queued", "deferred", "unknown"))),
        ]


class Extension(TenantModel):
    """A later due date that a seller granted. The document stays as it was issued; the newest row counts."""

    payer_path = "invoice_id"

    invoice = TenantForeignKey("invoicing.Invoice")
    due_date = models.DateField()
    before = models.DateField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["organisation", "invoice"], name="notices_extension_invoice")]
