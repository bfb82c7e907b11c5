"""What every request passes through: an id and one log line, the CSRF rule, and clear answers to faults."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable

import structlog
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import get_language

from wasl.app.ids import uuid7
from wasl.app.logs import log
from wasl.errors import EnvironmentFault, WaslError

GetResponse = Callable[[HttpRequest], HttpResponse]
FRAMES_MAX = 12
DISK_FULL, DISK_STATES = "53100", ("53", "57", "08")  # SQLSTATE classes: no room, going down, no connection


class TooManyAttempts(WaslError):
    code = "WASL-WEB-01"
    en = "Too many attempts. Wait 15 minutes, then try again."
    ar = "محاولات كثيرة جدًّا. انتظر ربع ساعة ثم أعد المحاولة."


class NotNow(EnvironmentFault):
    code = "WASL-WEB-02"
    en = "The service cannot do this at the moment, and nothing was changed. Try again in a minute."
    ar = "لا تستطيع الخدمة تنفيذ طلبك الآن، ولم يتغيّر شيء. أعد المحاولة بعد دقيقة."


class RequestLog:
    """One line a request: id, method, redacted path, status, milliseconds. Nobody's name, address or token."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = str(uuid7())
        request.wasl_request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        began = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        milliseconds = round((time.perf_counter() - began) * 1000, 1)
        log.info("request", method=request.method, path=request.path, status=response.status_code, ms=milliseconds)
        return response


def log_fault(**_signal: object) -> None:
    """A fault of ours that became a 500: its kind and where it came from. Never its message, which may quote what somebody typed."""
    kind, _error, trace = sys.exc_info()
    where = [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-FRAMES_MAX:]]
    log.error("fault", fault=getattr(kind, "__name__", ""), where=where)


got_request_exception.connect(log_fault, dispatch_uid="wasl.app.http.log_fault")


class Csrf(CsrfViewMiddleware):
    """Django's check, made to live with `Referrer-Policy: no-referrer`.

    Under that policy browsers send `Origin: null` with a form of our own page. They also send Sec-Fetch-Site, which no
    page can set; `same-origin` there says what the Origin header would have said. The token is checked as ever.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.META["HTTP_ORIGIN"] == "null" and request.META.get("HTTP_SEC_FETCH_SITE") == "same-origin":
            return True
        return super()._origin_verified(request)  # type: ignore[misc]


class Faults:
    """A database that is gone or full is a 503 in the reader's language, never a traceback (T87)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, EnvironmentFault) or is_environment(exception):
            log.error("unavailable", path=request.path, fault=type(exception).__name__)
            return problem(exception if isinstance(exception, EnvironmentFault) else NotNow(), status=503)
        return None


def is_environment(error: BaseException) -> bool:
    """Whether the database or the disk failed us, rather than our own statement."""
    state = getattr(error.__cause__ or error, "sqlstate", None) or ""
    return isinstance(error, OperationalError) or state.startswith(DISK_STATES)


def problem(error: WaslError, *, status: int) -> HttpResponse:
    """A plain answer that needs neither template nor database."""
    lang = "en" if (get_language() or "ar").startswith("en") else "ar"
    response = HttpResponse(error.message(lang) + "\n", status=status, content_type="text/plain; charset=utf-8")
    response["Content-Language"] = lang
    if status == 503:
        response["Retry-After"] = "30"
    return response


def too_many_attempts(request: HttpRequest, credentials: object = None, *_args: object, **_kwargs: object) -> HttpResponse:
    """django-axes' answer to a locked-out sign-in."""
    response = problem(TooManyAttempts(), status=429)
    response["Retry-After"] = "900"
    return response


def as_json(error: WaslError, *, status: int) -> JsonResponse:
    return JsonResponse({"code": error.code, "en": error.message("en"), "ar": error.message("ar")}, status=status)
