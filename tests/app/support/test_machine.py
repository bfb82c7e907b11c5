"""The states of a conversation under any order of acts: a model beside the service, the database's own checks, and fsck.

Proven: `open` exactly while the payer waits; a dispute pauses reminders exactly while it lives; one event and one message for each
act and none for a repeated form; what is closed opens by the payer's word alone.
"""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

pytestmark = pytest.mark.django_db
REASONS = ("question", "price", "not_received")


def machine(issued: Any, payer: Any, worker: Any) -> type[RuleBasedStateMachine]:
    from django.db import transaction

    from wasl.app import clock, fsck
    from wasl.app.events.models import Event
    from wasl.app.support import conversations as c
    from wasl.app.support.errors import NotLive
    from wasl.app.support.models import Conversation, Message

    org_id = issued.organisation_id

    class Talk(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            self.point = transaction.atomic()
            self.point.__enter__()
            self.time = clock.frozen(clock.now())
            self.ticks = self.time.__enter__()
            self.keys = count(1)
            self.state, self.kind, self.said = "", "", 0
            self.events = Event.objects.for_org(org_id).filter(invoice_id=issued.pk).count()

        def teardown(self) -> None:
            if hasattr(self, "point"):
                self.time.__exit__(None, None, None)
                transaction.set_rollback(True)
                self.point.__exit__(None, None, None)

        def key(self) -> str:
            self.ticks.forward(seconds=301)  # so that no example floods
            return str(next(self.keys))

        def row(self) -> Any:
            return c.conversation_of(issued, "1")

        @rule(reason=st.sampled_from(REASONS), twice=st.booleans())
        def ask(self, reason: str, twice: bool) -> None:
            key = self.key()
            for _again in range(1 + twice):
                c.ask(issued, line="1", reason=reason, text="x", by=payer, key=key)
            live = self.state in ("open", "answered")
            if reason != "question" or not (live and self.kind == "dispute"):
                self.kind = "question" if reason == "question" else "dispute"
            self.state, self.said = "open", self.said + 1

        @precondition(lambda self: self.state)
        @rule()
        def reply(self) -> None:
            c.reply(org_id, self.row().pk, text="x", by=payer, key=self.key())
            self.state, self.said = "open", self.said + 1

        @precondition(lambda self: self.state)
        @rule()
        def answer(self) -> None:
            c.answer(org_id, self.row().pk, text="x", actor=worker, key=self.key())
            self.state = "answered" if self.state in ("open", "answered") else self.state
            self.said += 1

        @precondition(lambda self: self.state)
        @rule(who=st.sampled_from(["seller", "payer", "withdraw"]))
        def end(self, who: str) -> None:
            place = (org_id, self.row().pk)
            acts = {
                "seller": lambda: c.resolve(*place, by=worker, outcome="explained", key=self.key()),
                "payer": lambda: c.resolve(*place, by=payer, key=self.key()),
                "withdraw": lambda: c.withdraw(*place, by=payer, key=self.key()),
            }
            if self.state not in ("open", "answered"):
                with pytest.raises(NotLive):
                    acts[who]()
                return
            acts[who]()
            self.state, self.said = "withdrawn" if who == "withdraw" else "resolved", self.said + 1

        @invariant()
        def it_is_as_the_model_says(self) -> None:
            if not getattr(self, "state", ""):
                return
            row = self.row()
            assert (row.state, row.kind, row.waiting_since is not None) == (self.state, self.kind, self.state == "open")
            assert Conversation.objects.for_org(org_id).count() == 1
            assert Message.objects.for_org(org_id).filter(conversation_id=row.pk).count() == self.said
            assert Event.objects.for_org(org_id).filter(invoice_id=issued.pk).count() == self.events + self.said
            told = Event.objects.for_org(org_id).filter(invoice_id=issued.pk, type__in=("disputed", "resolved", "withdrawn")).order_by("-id").first()
            paused = told is not None and told.type == "disputed"
            assert paused == (self.kind == "dispute" and self.state in ("open", "answered")), "what the reminders go by"
            assert fsck.run(["conversation-acts", "conversation-states"]) == []

    return Talk


def test_any_order_of_acts_keeps_the_conversation_true(issued: Any, payer: Any, worker: Any) -> None:
    run_state_machine_as_test(
        machine(issued, payer, worker),
        settings=settings(max_examples=12, stateful_step_count=15, deadline=None, database=None, suppress_health_check=list(HealthCheck)),
    )
