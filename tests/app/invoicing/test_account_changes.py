"""T78: where a seller is paid is changed by two people, after three days, and everybody concerned can stop it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from wasl.app import clock
from wasl.app.errors import NotAllowed, NotFound
from wasl.app.invoicing import account_changes as changes
from wasl.app.invoicing.accounts import change_account, current_accounts
from wasl.app.invoicing.errors import BadAccount, ChangeOver, ChangePending, SameAccount, SamePerson, TwoPeopleNeeded
from wasl.app.invoicing.models import AccountChange, BankAccount
from wasl.app.tenancy.actor import Actor
from wasl.app.tenancy.models import AuditEntry
from wasl.app.tenancy.organisations import add_member

pytestmark = pytest.mark.django_db
OLD, NEW = "BE68539007547034", "BE71096123456769"


@pytest.fixture
def second(org: Any, make_person: Any, actor: Any) -> Any:
    person = make_person(name="Sam Second")
    add_member(org, person, "owner", actor=actor)
    return person


@pytest.fixture
def account(org: Any) -> Any:
    return BankAccount.objects.for_org(org).get()


def iban(org: Any) -> str:
    return current_accounts(org.pk)[0][1]


def test_t78_one_person_cannot_change_where_money_goes(org: Any, owner: Any, second: Any, clerk: Any, account: Any, make_org: Any) -> None:
    me = Actor.of(owner)
    with pytest.raises(TwoPeopleNeeded):
        change_account(org, account.pk, iban=NEW, actor=me)
    with pytest.raises(NotAllowed):
        changes.ask_change(org, account.pk, iban=NEW, actor=Actor.of(clerk))
    change = changes.ask_change(org, account.pk, iban=NEW, actor=me)

    with pytest.raises(SamePerson):
        changes.approve_change(org, change.pk, actor=me)
    with pytest.raises(NotFound):
        changes.approve_change(make_org(), change.pk, actor=Actor.operator("test"))
    assert iban(org) == OLD


def test_t78_it_counts_three_days_after_the_second_word_and_is_written_down(org: Any, owner: Any, second: Any, account: Any) -> None:
    with clock.frozen(clock.now()) as time:
        change = changes.ask_change(org, account.pk, iban="be71 0961 2345 6769", actor=Actor.of(owner))
        time.forward(days=9)
        assert changes.take_effect() == 0
        changes.approve_change(org, change.pk, actor=Actor.of(second))
        time.forward(days=3, seconds=-1)
        assert (changes.take_effect(), iban(org)) == (0, OLD)
        time.forward(seconds=1)
        assert (changes.take_effect(), iban(org), changes.take_effect()) == (1, NEW, 0)

    acts = AuditEntry.objects.for_org(org).filter(object_type="bank account").order_by("at", "id").values_list("act", "person_id")
    assert [act for act, _ in acts][-4:] == ["account.change.asked", "account.change.approved", "account.version", "account.change.done"]
    assert [person for _, person in acts][-4:-2] == [owner.pk, second.pk]


def test_t78_the_old_contacts_hear_of_it_and_stop_it_from_the_mail(
    org: Any, owner: Any, second: Any, account: Any, client: Any, mailoutbox: Any
) -> None:
    from wasl.app.portal.account_changed import send

    change = changes.ask_change(org, account.pk, iban=NEW, actor=Actor.of(owner))
    org.email = "thief@example.net"  # whoever changes the address in between gets nothing
    org.save(update_fields=["email"])
    sent = send(org.pk, change.pk, changes.ASKED)

    assert sent == 3 and sorted(mail.to[0] for mail in mailoutbox) == sorted(["books@example.com", owner.email, second.email])
    body = mailoutbox[0].body
    path = next(word for word in body.split() if "/account-change/" in word).partition("/account-change/")[2]
    assert NEW not in body and "6769" in body
    assert client.get(f"/account-change/{path}").status_code == 200 and change.state == AccountChange.ASKED
    assert client.post(f"/account-change/{path}").status_code == 200
    assert AccountChange.objects.for_org(org).get().state == AccountChange.STOPPED
    assert client.get("/account-change/" + "A" * 43).status_code == 404
    with pytest.raises(ChangeOver):
        changes.approve_change(org, change.pk, actor=Actor.of(second))


@pytest.mark.parametrize(
    "text",
    ["BE71\u202e096123456769", "BE71\u200b096123456769", "ВE71096123456769", "BE71٠٩٦١٢٣٤٥٦٧٦٩", "BE71096123456760", "BE7109612345676", "<b>"],
    ids=["bidi", "zero width", "cyrillic В", "arabic digits", "check digits", "short", "markup"],
)
def test_t79_what_only_looks_like_an_iban_is_refused(org: Any, owner: Any, account: Any, text: str) -> None:
    with pytest.raises(BadAccount):
        changes.ask_change(org, account.pk, iban=text, actor=Actor.of(owner))


def test_one_change_at_a_time_and_none_to_the_same_account(org: Any, owner: Any, second: Any, account: Any) -> None:
    with pytest.raises(SameAccount):
        changes.ask_change(org, account.pk, iban=OLD, actor=Actor.of(owner))
    first = changes.ask_change(org, account.pk, iban=NEW, actor=Actor.of(owner))
    with pytest.raises(ChangePending):
        changes.ask_change(org, account.pk, iban=NEW, actor=Actor.of(second))

    changes.stop_change(org, first.pk, actor=Actor.of(second))
    changes.approve_change(org, changes.ask_change(org, account.pk, iban=NEW, actor=Actor.of(second)).pk, actor=Actor.of(owner))

    with clock.frozen(clock.now() + timedelta(days=4)):
        assert changes.take_effect() == 1
