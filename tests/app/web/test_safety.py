"""Headers, CSRF, logs, health and `wasl check`."""

from __future__ import annotations

import dataclasses
import json
import logging

import pytest
from django.test import Client

from wasl.app import check
from wasl.app.config import INSECURE_SECRET, BadSetting, Config
from wasl.app.logs import redact

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/health/live", "/log/checkpoint", "/accounts/login/", "/nothing-here"])
def test_t58_t100_every_answer_carries_the_headers(path):
    headers = Client().get(path).headers
    assert headers["Referrer-Policy"] == "no-referrer"  # T58
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy  # T100
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_t62_a_form_without_its_token_is_refused_and_a_foreign_origin_too():
    client = Client(enforce_csrf_checks=True)
    assert client.post("/accounts/login/", {"login": "a@example.com", "password": "x"}).status_code == 403
    client.get("/accounts/login/")
    token = client.cookies["wasl_csrf"].value
    form = {"login": "a@example.com", "password": "x", "csrfmiddlewaretoken": token}
    assert client.post("/accounts/login/", form, HTTP_ORIGIN="https://evil.example").status_code == 403
    assert client.post("/accounts/login/", form, HTTP_ORIGIN="null").status_code == 403
    assert client.post("/accounts/login/", form, HTTP_ORIGIN="null", HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert client.post("/accounts/login/", form, HTTP_ORIGIN="null", HTTP_SEC_FETCH_SITE="same-origin").status_code == 200


def test_health_says_nothing_of_anybody():
    assert Client().get("/health/live").json() == {"status": "ok"}
    assert Client().get("/health/ready").json() == {"status": "ok", "checks": {"database": True, "migrations": True}}


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("GET /i/Zm9vYmFyYmF6/pdf", "Zm9vYmFyYmF6"), ("/v/abc?x=1", "abc"), ("mail to lies@example.com failed", "lies"),
        ("postgresql://wasl:hunter2@/x", "hunter2"), ("/x?token=abcdef&y=1", "abcdef"), ("smtp://u:p4ss@mail:25", "p4ss"),
        ("GET /console/enter/WyIwMWEy:1xV:sig", "WyIwMWEy"), ("/accounts/password/reset/key/3-abcdef/", "abcdef"), ("/accounts/confirm-email/MQ:1x/", "MQ:1x"),
    ],
)  # fmt: skip
def test_logs_hold_no_token_address_or_password(text, gone):
    assert gone not in redact(text)


def test_t44_t58_a_request_is_one_json_line_without_its_token(caplog, capsys):
    handler = logging.getLogger().handlers
    formatter = next(h.formatter for h in handler if type(h.formatter).__name__ == "ProcessorFormatter")
    records = []

    class Keep(logging.Handler):
        def emit(self, record):
            records.append(formatter.format(record))

    keep = Keep()
    logging.getLogger().addHandler(keep)
    try:
        Client().get("/i/SECRETTOKENSECRETTOKEN%0aFORGED/pdf")
    finally:
        logging.getLogger().removeHandler(keep)
    lines = [line for line in records if '"request"' in line and "/i/" in line]
    assert lines
    assert all("\n" not in line and "SECRETTOKEN" not in line for line in records)
    assert json.loads(lines[0])["path"].startswith("/i/***")


def _codes(monkeypatch_settings, public=True, **changes):
    monkeypatch_settings.CONFIG = dataclasses.replace(monkeypatch_settings.CONFIG, **changes)
    return {finding.code for finding in check.findings(public=public) if finding.fatal}


def test_t118_a_default_secret_is_refused_in_public_only(settings):
    settings.SECRET_KEY = INSECURE_SECRET
    assert "CHECK-SECRET" in _codes(settings, origin="https://example.com")
    assert "CHECK-SECRET" not in _codes(settings, public=False)


def test_t114_debug_is_refused_in_public(settings):
    settings.DEBUG = True
    assert "CHECK-DEBUG" in _codes(settings, origin="https://example.com")


def test_plain_http_in_public_is_refused(settings):
    assert "CHECK-HTTPS" in _codes(settings, origin="http://example.com")


def test_a_database_that_forgets_is_refused(settings):
    """The cluster of the tests runs without fsync, for speed: here that is seen."""
    assert "CHECK-DURABLE" in _codes(settings)


def test_tables_of_another_version_are_refused(settings):
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    assert not {"CHECK-TABLES", "CHECK-NEWER"} & _codes(settings)
    MigrationRecorder(connection).record_applied("invoicing", "9999_from_the_future")
    assert "CHECK-NEWER" in _codes(settings)
    MigrationRecorder(connection).record_unapplied("invoicing", "9999_from_the_future")
    MigrationRecorder(connection).record_unapplied("proofs", "0001_initial")
    assert "CHECK-TABLES" in _codes(settings)


def test_t10_no_secret_shows_in_the_settings_repr():
    config = Config.from_env({"WASL_MASTER_KEY": "MASTER", "DATABASE_URL": "postgresql://u:PASS@/x", "WASL_BANK_KEY": "BANK", "WASL_SECRET_KEY": "SECRET"})
    assert not {word for word in ("MASTER", "PASS", "BANK", "SECRET") if word in repr(config)}


@pytest.mark.parametrize("origin", ["example.com", "ftp://x", "https://x/path", "https://"])
def test_a_bad_origin_is_refused_in_one_line(origin):
    with pytest.raises(BadSetting, match="WASL_ORIGIN"):
        Config.from_env({"WASL_ORIGIN": origin})


def test_t87_a_full_disk_is_a_503_in_the_readers_language(client, monkeypatch):
    import psycopg
    from django.db import OperationalError

    from wasl.app.proofs import views

    def full(*_):
        raise OperationalError("could not extend file") from psycopg.errors.DiskFull()

    monkeypatch.setattr(views, "_shard", full)
    response = client.get("/log/checkpoint", headers={"accept-language": "ar"})
    assert (response.status_code, response["Content-Language"], response["Retry-After"]) == (503, "ar", "30")
    assert "extend" not in response.content.decode()


def test_a_fault_of_ours_is_in_the_log_without_what_was_typed(caplog, monkeypatch):
    from django.http import HttpResponse

    from wasl.app import health

    def broken(_request):
        raise RuntimeError("a name that somebody typed")

    monkeypatch.setattr(health, "JsonResponse", broken)
    with caplog.at_level(logging.ERROR):
        answer = Client(raise_request_exception=False).get("/health/live")
    assert isinstance(answer, HttpResponse) and answer.status_code == 500
    lines = [record.getMessage() for record in caplog.records]
    assert any("RuntimeError" in line and "broken" in line for line in lines), lines
    assert not any("somebody typed" in line for line in lines)
