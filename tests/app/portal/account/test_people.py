"""Several people, one inbox: invitations, roles, addresses that come and go."""

from __future__ import annotations

import re

import pytest

from wasl.app import clock
from wasl.app.invoicing.models import Invoice
from wasl.app.tenancy.models import Payer, PayerAddress, PayerInvite, PayerSeat, Person
from wasl.app.tenancy.payers import inboxes_of

pytestmark = pytest.mark.django_db
ACCOUNT = "/inbox/account/"


@pytest.fixture
def lies(door, issued):
    """Lies receives the invoice, and has a shared inbox for Leuven Lab."""
    door.enter("buyer@example.com")
    door.client.post(ACCOUNT + "people/open", {"company": "Leuven Lab"})
    return door


def shared() -> Payer:
    return Payer.objects.get(kind=Payer.COMPANY)


def invited(door, email="mo@example.com", role="pay") -> str:
    """The address in the invitation's mail."""
    assert door.client.post(ACCOUNT + "people/invite", {"email": email, "role": role}).status_code == 302
    door.post_waiting()
    return re.search(r"https?://[^/]+(/inbox/join/\S+)", door.outbox[-1].body)[1]


def join(door, url, email="mo@example.com"):
    assert door.client.get(url)["Location"] == "/inbox/join"
    assert door.enter(email)["Location"] == "/inbox/join", "whoever came by an invitation is brought back to it"
    return door.client.post("/inbox/join")


def seen_by(payer) -> set:
    return {row.pk for row in Invoice.objects.for_payer(payer)}


def test_an_address_moves_into_the_shared_inbox_with_its_invoices(lies, issued, org, make_invoice, actor):
    from wasl.app.invoicing.issue import issue

    address = PayerAddress.objects.get(email="buyer@example.com")
    own = address.payer
    assert seen_by(own) == {issued.pk} and seen_by(shared()) == set()
    lies.client.post(f"{ACCOUNT}addresses/{address.pk}/move", {"inbox": str(shared().pk)})
    later = issue(org, make_invoice(), actor=actor)

    assert seen_by(own) == set() and seen_by(shared()) == {issued.pk, later.invoice_id}


def test_an_invitation_opens_one_seat_once_for_its_address_alone(lies, another_door):
    url = invited(lies)
    another_door.client.get(url)
    assert another_door.client.get("/inbox/join").status_code == 200
    assert PayerInvite.objects.get().used_at is None, "looking uses nothing up"
    assert join(another_door, url).status_code == 302

    mo = Person.objects.get(email="mo@example.com")
    assert [(inbox.payer, inbox.role) for inbox in inboxes_of(mo) if inbox.is_shared] == [(shared(), "pay")]
    assert another_door.client.get(url).status_code == 410, "used"
    assert "لم تعد هذه الدعوة صالحة" in another_door.client.get(url).content.decode()


def test_t53_an_invitation_for_another_address_opens_nothing(lies, another_door):
    url = invited(lies)
    another_door.client.get(url)
    PayerInvite.objects.create(
        payer=shared(), email="other@example.com", role="view", token_hash=b"x", invited_by=Person.objects.get(), expires_at=clock.now()
    )
    another_door.enter("other@example.com")
    assert another_door.client.post("/inbox/join").status_code == 403
    assert PayerSeat.objects.filter(payer=shared()).count() == 1


@pytest.mark.parametrize("end", ["withdrawn", "expired", "inviter gone"])
def test_an_invitation_ends(lies, another_door, end):
    url = invited(lies)
    if end == "withdrawn":
        lies.client.post(f"{ACCOUNT}people/invitations/{PayerInvite.objects.get().pk}/withdraw")
    elif end == "inviter gone":
        PayerSeat.objects.filter(payer=shared()).update(role="view")
    with clock.frozen(clock.now()) as now:
        another_door.client.get(url)
        now.forward(days=8 if end == "expired" else 0)
        another_door.ask("mo@example.com")
        if end == "inviter gone":
            another_door.client.post("/inbox/enter/code", {"code": another_door.code()})
            another_door.client.post("/inbox/join")
        else:
            assert another_door.client.get(url).status_code == 410
    assert PayerSeat.objects.filter(payer=shared()).count() == 1


def test_t61_a_session_is_dead_once_the_role_was_changed_or_the_seat_taken(lies, another_door):
    join(another_door, invited(lies))
    mo = Person.objects.get(email="mo@example.com")
    assert another_door.client.get(ACCOUNT).status_code == 200
    lies.client.post(f"{ACCOUNT}people/{mo.pk}/role", {"role": "view"})
    assert another_door.client.get(ACCOUNT).status_code == 302, "role changed"
    another_door.enter("mo@example.com")
    lies.client.post(f"{ACCOUNT}people/{mo.pk}/remove")
    assert another_door.client.get(ACCOUNT).status_code == 302, "seat taken"
    another_door.enter("mo@example.com")
    assert [inbox.is_shared for inbox in inboxes_of(mo)] == [False]


def test_the_last_owner_stays_until_there_is_another(lies, another_door):
    from wasl.app.tenancy.payers_errors import LastInboxOwner

    join(another_door, invited(lies, role="pay"))
    page = lies.client.post(ACCOUNT + "people/leave", follow=True)
    assert LastInboxOwner().message("ar") in page.content.decode()
    mo = Person.objects.get(email="mo@example.com")
    lies.client.post(f"{ACCOUNT}people/{mo.pk}/role", {"role": "owner"})
    lies.client.post(ACCOUNT + "people/leave")
    assert list(PayerSeat.objects.filter(payer=shared()).values_list("person__email", flat=True)) == ["mo@example.com"]


def test_the_last_one_out_takes_everything_home(lies, issued):
    address = PayerAddress.objects.get(email="buyer@example.com")
    own = address.payer
    lies.client.post(f"{ACCOUNT}addresses/{address.pk}/move", {"inbox": str(shared().pk)})
    lies.client.post(ACCOUNT + "people/leave")
    assert not Payer.objects.filter(kind=Payer.COMPANY).exists()
    assert seen_by(own) == {issued.pk}


@pytest.mark.parametrize(
    ("role", "path", "form", "code"),
    [
        ("view", "details", {"name": "Mine"}, 403), ("pay", "people/invite", {"email": "x@example.com", "role": "owner"}, 403),
        ("pay", "people/{lies}/role", {"role": "view"}, 403), ("pay", "people/{lies}/remove", {}, 403), ("owner", "details", {"name": "Ours"}, 302),
    ],
)  # fmt: skip
def test_t53_a_role_may_only_what_it_may(lies, another_door, role, path, form, code):
    join(another_door, invited(lies, role=role))
    who = Person.objects.get(email="buyer@example.com")
    assert another_door.client.post(ACCOUNT + path.format(lies=who.pk), form).status_code == code
    assert shared().name == ("Ours" if code == 302 else "Leuven Lab") and PayerSeat.objects.filter(person=who, role="owner", payer=shared()).exists()


@pytest.mark.parametrize("name", ["Lab\r\nBcc: thief@example.com", "Evil\u202egnp.exe", "A\u200b\u2066B", "  ", "x" * 500, "\ud83d\ude00 Lab"])
def test_t40_t42_names_are_one_plain_line(lies, name):
    lies.client.post(ACCOUNT + "details", {"name": name.encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "language": "en"})
    shown = shared().name
    assert len(shown) <= 80 and not re.search("[\r\n\u202e\u200b\u2066]", shown)
    if shown:
        invited(lies)
        assert "Bcc" not in lies.outbox[-1].extra_headers and lies.outbox[-1].to == ["mo@example.com"] and not lies.outbox[-1].bcc


@pytest.mark.parametrize("name", ["Pay at https://evil.example/x now", "www.evil.example", "evil.example/pay", "write to a@evil.example"])
def test_an_invitation_carries_no_link_of_the_inviter(lies, name):
    lies.client.post(ACCOUNT + "details", {"name": name})
    invited(lies)
    assert "evil" not in lies.outbox[-1].body


@pytest.mark.parametrize("email", ["a@b.example\r\nBcc: x@y.example", "a b@example.com", "<a@b.example>", "a@-b.example", "x" * 300 + "@example.com"])
def test_t45_an_address_that_is_none_is_not_invited(lies, email):
    lies.client.post(ACCOUNT + "people/invite", {"email": email, "role": "view"})
    assert not PayerInvite.objects.exists()


def test_t38_what_a_name_contains_is_inert_in_the_mail(lies):
    lies.client.post(ACCOUNT + "details", {"name": "<script>x</script> <img src=x onerror=y>"})
    invited(lies)
    html = lies.outbox[-1].alternatives[0][0]
    assert "<script" not in html and "<img" not in html and "&lt;script" in html and "/inbox/join/" in html
