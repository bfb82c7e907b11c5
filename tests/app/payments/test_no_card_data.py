"""Card numbers never reach Wasl (SAQ A): there is no place that could take one, and where people write freely it is masked."""

from __future__ import annotations

import re
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

import wasl
from wasl.app.payments.drivers import port

CARD, SHOWN = "4111 1111 1111 1111", "\u2066•••• 1111\u2069"
CODE = Path(wasl.__file__).parent
# How forms and fields for card data are called, in HTML's own autocomplete words, and by everybody else
NAMED = re.compile(
    r"(?<![a-z])(?:cc-(?:number|csc|exp\w*|name)|card_?(?:number|no|cvc|cvv|csc|pin)|pan|cvv2?|cvc2?|csc|security_code|expiry|track_?data)(?![a-z])",
    re.IGNORECASE,
)
OUTSIDE = ("standins", "demo", "locale")  # the bank that stands in for the outside world has a card form, as banks do


def sources(*suffixes: str) -> list[Path]:
    return [p for p in CODE.rglob("*") if p.suffix in suffixes and not any(part in OUTSIDE for part in p.relative_to(CODE).parts)]


def test_no_model_has_a_column_for_a_card_number() -> None:
    columns = [f"{model._meta.db_table}.{field.column}" for model in apps.get_models() for field in model._meta.concrete_fields]
    assert [column for column in columns if NAMED.search(column.rpartition(".")[2])] == []
    assert len(columns) > 200


class Controls(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("input", "select", "textarea"):
            self.found += [value for name, value in attrs if name in ("name", "id", "autocomplete", "placeholder") and value and NAMED.search(value)]


def test_no_page_has_a_control_for_a_card() -> None:
    pages = sources(".html")
    wrong = {}
    for page in pages:
        text = page.read_text(encoding="utf-8")
        reader = Controls()
        reader.feed(text)
        calls = [call for call in re.findall(r"\b(?:text|area|choice)\(\s*\"([\w-]+)\"", text) if NAMED.search(call)]
        if reader.found or calls:
            wrong[page.name] = reader.found + calls
    assert wrong == {} and len(pages) > 100


def test_no_view_reads_a_field_of_that_name_and_no_route_is_called_so() -> None:
    reads = re.compile(r"(?:POST|GET|data|body|json)(?:\.get|\.getlist)?[(\[]\s*[\"']([\w-]+)[\"']")
    wrong = [f"{p.name}: {name}" for p in sources(".py") for name in reads.findall(p.read_text(encoding="utf-8")) if NAMED.search(name)]
    assert wrong == []
    from django.urls import get_resolver

    def walk(resolver: Any, prefix: str = "") -> list[str]:
        found = []
        for entry in resolver.url_patterns:
            here = prefix + str(entry.pattern)
            found += walk(entry, here) if hasattr(entry, "url_patterns") else [here]
        return found

    assert [route for route in walk(get_resolver()) if NAMED.search(route)] == []


def test_no_type_of_the_port_could_carry_a_card_number_to_a_gateway() -> None:
    types = (port.Order, port.SavedMethod, port.GatewayPayment, port.Account, port.Failure)
    names = {field.name for kind in types for field in fields(kind)}
    assert {name for name in names if NAMED.search(name)} == set()
    assert {field.name for field in fields(port.SavedMethod)} == {"token", "family", "brand", "last4", "expires"}


def test_no_script_and_no_policy_lets_a_gateways_fields_into_our_pages() -> None:
    """A full redirect: no field of a gateway is framed into a page of ours, and no script of a gateway runs in one."""
    hosts = re.compile(r"js\.stripe\.com|cdn\.moyasar\.com|tap-sdks|secure\.paytabs[\w.]*/payment/js|mpf\.js", re.IGNORECASE)
    assert [p.name for p in sources(".html", ".js", ".py") if hosts.search(p.read_text(encoding="utf-8"))] == []


@pytest.mark.django_db
def test_t82_a_card_number_in_a_question_is_masked_before_it_is_kept(org: Any, issued: Any) -> None:
    """T82"""
    from wasl.app import clock
    from wasl.app.support.conversations import store
    from wasl.app.support.models import PAYER, Conversation, MessageBody

    now = clock.now()
    conversation = Conversation.objects.create(organisation=org, invoice_id=issued.pk, kind="question", opened_at=now, waiting_since=now)
    store.say(conversation, side=PAYER, act="ask", text=f"خذ بطاقتي {CARD}", key="k", channel="web", at=clock.now())

    assert MessageBody.objects.for_org(org).get().text == f"خذ بطاقتي {SHOWN}"


def test_t82_a_card_number_in_a_note_of_the_composer_is_masked() -> None:
    """T82"""
    from wasl.app.console.compose.form import note_text

    assert note_text(f"pay with {CARD} please") == f"pay with {SHOWN} please"
