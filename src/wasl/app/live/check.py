"""Whether a server that runs also tells open pages what happens: for `wasl check`. Where none runs there is nothing to say."""

from __future__ import annotations

import httpx

from wasl.app.check import Finding

SECONDS_MAX = 3.0


def stream_findings(origin: str, *, transport: httpx.BaseTransport | None = None) -> list[Finding]:
    """Not fatal: without the stream, pages ask again every few seconds."""
    with httpx.Client(base_url=origin, timeout=SECONDS_MAX, transport=transport) as client:
        try:
            if client.get("/health/live").status_code != 200:
                return []
            if client.get("/health/stream").status_code == 200:
                return []
        except httpx.HTTPError:
            return []
    en = "Open pages hear no news: /health/stream does not answer. Pages ask again now and then instead. Look at the log."
    ar = "لا تصل الأخبار إلى الصفحات المفتوحة: العنوان \u200e/health/stream لا يجيب. تعيد الصفحات السؤال بين حين وآخر. راجع السجلّ."
    return [Finding("CHECK-STREAM", en, ar, fatal=False)]
