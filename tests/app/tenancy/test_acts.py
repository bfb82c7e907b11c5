"""Who may do what, what is written down, and what never leaves: T1, T3, T10."""

from __future__ import annotations

import base64
import traceback

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from wasl.app.errors import ActWithoutPerson, NotAllowed, NotFound
from wasl.app.invoicing.accounts import add_account, change_account, normalise_iban
from wasl.app.invoicing.errors import BadAccount
from wasl.app.invoicing.issue import issue
from wasl.app.tenancy import keys
from wasl.app.tenancy.actor import Actor
from wasl.app.tenancy.models import AuditEntry, SealKey
from wasl.app.tenancy.organisations import LastOwner, add_member, change_role, remove_member

pytestmark = pytest.mark.django_db


def test_t1_an_anonymous_visitor_is_no_actor():
    for nobody in (AnonymousUser(), None):
        with pytest.raises(ActWithoutPerson) as refused:
            Actor.of(nobody)
        assert refused.value.status == 401


def test_t3_every_act_is_written_down_with_its_person(org, owner, clerk, make_invoice):
    answer = issue(org, make_invoice(), actor=Actor.of(clerk))
    entry = AuditEntry.objects.for_org(org).get(act="invoice.issue")
    assert (entry.person_id, entry.actor, entry.object_id, entry.body["number"]) == (clerk.pk, "person", answer.invoice_id, answer.number)
    add_account(org, iban="BE71 0961 2345 6769", currency="EUR", actor=Actor.of(owner))
    assert AuditEntry.objects.for_org(org).filter(act="account.version", person=owner).count() == 1


def test_t3_an_act_by_nobody_is_impossible(org):
    for act in (
        lambda: add_account(org, iban="BE71096123456769", currency="EUR", actor=None),
        lambda: change_role(org, org.pk, "owner", actor=None),
        lambda: add_member(org, None, "owner", actor="somebody"),
    ):
        with pytest.raises(ActWithoutPerson):
            act()


def test_a_clerk_works_and_an_owner_decides(org, owner, clerk, make_person):
    with pytest.raises(NotAllowed):
        add_account(org, iban="BE71096123456769", currency="EUR", actor=Actor.of(clerk))
    with pytest.raises(NotAllowed):
        change_role(org, clerk.pk, "owner", actor=Actor.of(clerk))
    with pytest.raises(NotFound):
        add_account(org, iban="BE71096123456769", currency="EUR", actor=Actor.of(make_person()))
    change_role(org, clerk.pk, "owner", actor=Actor.of(owner))
    remove_member(org, owner.pk, actor=Actor.of(clerk))
    with pytest.raises(LastOwner):
        change_role(org, clerk.pk, "clerk", actor=Actor.of(clerk))


def test_a_changed_account_is_a_new_version_and_an_event(org, owner, issued, make_invoice, actor):
    from wasl.app.events.models import Event
    from wasl.app.invoicing.find import read_issued

    account = issued.account_version.account
    version = change_account(org, account.pk, iban="BE71096123456769", actor=Actor.system("account-change"))
    assert (version.version, version.first_used_on) == (2, None)
    assert Event.objects.for_org(org).filter(type="account-changed").count() == 2
    assert read_issued(issued).payment.credit_transfers[0].account == "BE68539007547034"
    issue(org, make_invoice(), actor=actor)
    version.refresh_from_db()
    assert version.first_used_on is not None


@pytest.mark.parametrize(
    "text", ["BE68\u200b539007547034", "BE68 5390 0754 703\u0664", "\u0412E68539007547034", "BE69539007547034", "BE6853900754703", "\u202eBE68539007547034", ""]
)
def test_an_account_number_with_anything_odd_is_refused(text):
    with pytest.raises(BadAccount):
        normalise_iban(text)


def test_t10_no_key_is_in_the_database_in_a_file_in_a_repr_or_in_a_traceback(org, issued, installation_dir):
    from cryptography.hazmat.primitives import serialization

    name = SealKey.objects.for_org(org).get().name
    signer = keys.signer(org.pk, name)
    private = keys.keystore().seal_key(name)
    secrets = [
        private.private_numbers().private_value.to_bytes(32),
        private.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        keys.link_key(org.pk), keys.audit_key(org.pk),
    ]  # fmt: skip
    forms = [form for secret in secrets for form in (secret, secret.hex().encode(), base64.b64encode(secret))]
    for path in installation_dir.rglob("*"):
        if path.is_file() and path.name != "master.key":
            assert not [form for form in forms if form in path.read_bytes()], path
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT coalesce(string_agg(t::text, E\'\\n\'), \'\') FROM "{table}" t')
            dump = cursor.fetchone()[0].encode()
            assert not [form for form in forms if form in dump], table
    try:
        signer.sign(None)  # type: ignore[arg-type]
    except Exception:  # whatever it is, its text goes into a log
        text = "".join(traceback.format_exc()) + repr(signer) + repr(keys.master()) + repr(keys.keystore())
        assert not [form for form in forms if form.decode("latin-1") in text]
