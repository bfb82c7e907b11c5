"""Somebody at the door of the inbox, and the mails that the worker sends them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client


class Door:
    """A visitor with a browser of their own: asks for a code, reads the mail, types it."""

    def __init__(self, outbox: list[Any]) -> None:
        self.client, self.outbox, self.post_waiting = Client(), outbox, post_waiting

    def ask(self, email: str, **more: str) -> Any:
        return self.client.post("/inbox/enter", {"email": email, **more})

    def code(self) -> str:
        """The digits of the newest mail, once the worker has sent what waits."""
        post_waiting()
        return re.search(r"\b(\d{4}) (\d{4})\b", self.outbox[-1].body).expand(r"\1\2")  # type: ignore[union-attr]

    def enter(self, email: str, **more: str) -> Any:
        self.ask(email, **more)
        return self.client.post("/inbox/enter/code", {"code": self.code()})


def post_waiting() -> None:
    """Run the queued mails here, in this test's transaction, as the worker would."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    from wasl.app.portal.tasks import account

    tasks = {task.name: task for task in vars(account).values() if hasattr(task, "defer")}
    from django.db import connection

    for job in ProcrastinateJob.objects.filter(status="todo", task_name__in=tasks).order_by("id"):
        tasks[job.task_name](**job.args)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])


@pytest.fixture
def door(db: None, mailoutbox: list[Any]) -> Door:
    return Door(mailoutbox)


@pytest.fixture
def another_door(db: None, mailoutbox: list[Any]) -> Door:
    return Door(mailoutbox)
