"""Structured logs: one JSON object a line, with the request's id, and no personal data.

Only named, known-harmless fields are logged. What may still slip in, a capability token in a path or an e-mail address
in an exception's text, is cut out here, once, for every line (T44, T58, T115).
"""

from __future__ import annotations

import logging.config
import re
import sys
from typing import Any

import structlog

from wasl.app.pan import masked

HIDDEN = "***"
_TOKEN_PATH = re.compile(r"(/(?:i|v|c|u|practice|enter|join|reset/key|confirm-email|inbox/feed|events)/)[^/?\s\"']+")
_QUERY_SECRET = re.compile(r"((?:token|key|code|secret|password|sesame|signature)=)[^&\s\"']+", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s<>\"'@,;:()\[\]]{1,64}@[^\s<>\"'@,;:()\[\]]{1,255}")
_URL_PASSWORD = re.compile(r"(\w+://[^:/\s@]*:)[^@\s/]+@")
_SECRET_KEYS = frozenset({"password", "token", "secret", "key", "code", "authorization", "cookie", "iban", "email", "recipient", "name"})


def redact(text: str) -> str:
    """`text` without capability tokens, e-mail addresses, passwords and card numbers, on one line without control characters."""
    text = masked(text, HIDDEN)
    text = _URL_PASSWORD.sub(rf"\1{HIDDEN}@", text)
    text = _TOKEN_PATH.sub(rf"\1{HIDDEN}", text)
    text = _QUERY_SECRET.sub(rf"\1{HIDDEN}", text)
    return _EMAIL.sub(HIDDEN, text)


def _redact_event(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    for key, value in event.items():
        if key in _SECRET_KEYS:
            event[key] = HIDDEN
        elif isinstance(value, str):
            event[key] = redact(value)
    return event


_SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _redact_event,
]


def logging_config(level: str) -> dict[str, Any]:
    """Send structlog's and the standard library's lines through the same redaction; returns Django's LOGGING."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    config: dict[str, Any] = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.ExtraAdder(allow=set()), *_SHARED],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer(ensure_ascii=False)],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        # Django's own request lines name full paths; ours replace them
        "loggers": {
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "CRITICAL"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "axes": {"level": "CRITICAL"},
            "procrastinate": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},  # whole addresses of the gateway's payments
            "pikepdf": {"level": "WARNING"},
            "fido2": {"level": "WARNING"},  # ids of credentials
        },
    }
    logging.config.dictConfig(config)
    return config


log = structlog.stdlib.get_logger("wasl")
