"""A form of a conversation as it came in: the text as typed, files, and its key. Shared by both sides' pages.

What is refused comes back: the text into its field, with what was wrong beside it. A text of megabytes comes back by its
first TEXT_KEPT characters; a photo has to be chosen again, as browsers want it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from wasl.app.ids import uuid7
from wasl.app.support.conversations.store import PHOTOS_MAX
from wasl.app.support.errors import PhotoTooLarge, TooManyPhotos
from wasl.app.support.files import attached
from wasl.app.support.photos import OCTETS_MAX, PIXELS_MAX_WHOLE, Photo
from wasl.app.ui import uploads
from wasl.app.ui.i18n import current
from wasl.errors import WaslError

TEXT_KEPT = 8000  # twice what can be sent: enough to shorten it in the field


@dataclass
class Sent:
    """What was typed, and what is wrong with it: sentences by field."""

    text: str = ""
    key: str = ""
    reason: str = ""
    photos: list[Photo] = field(default_factory=list)
    problems: dict[str, list[str]] = field(default_factory=dict)
    had_photos: bool = False

    @property
    def shown(self) -> str:
        return self.text[:TEXT_KEPT]

    @property
    def summary(self) -> list[tuple[str, str]]:
        return [(name, text) for name, texts in self.problems.items() for text in texts]

    def errors(self, name: str) -> list[str]:
        return self.problems.get(name, [])

    def attempt(self, act: Callable[[], Any], where: Mapping[str, str] | None = None) -> Any:
        """What `act` returns, or None with the refusal written beside its field (by error code; the text otherwise)."""
        if self.problems:
            return None
        try:
            return act()
        except WaslError as error:
            self.refuse(error, (where or {}).get(error.code, "text"))
            return None

    def refuse(self, error: WaslError, name: str) -> None:
        self.problems.setdefault(name, []).append(error.message(current()))


def read(request: Any) -> Sent:
    """The form of `request`; photos are opened and made anew at once, so that a bad one is refused before anything is written."""
    sent = Sent(text=request.POST.get("text", ""), key=form_key(request), reason=request.POST.get("reason", ""))
    files = request.FILES.getlist("photo")
    sent.had_photos = bool(files) or uploads.was_too_large(request)
    if uploads.was_too_large(request):
        sent.refuse(PhotoTooLarge(megabytes=OCTETS_MAX // 1024 // 1024, megapixels=PIXELS_MAX_WHOLE // 1_000_000), "photo")
    elif len(files) > PHOTOS_MAX:
        sent.refuse(TooManyPhotos(limit=PHOTOS_MAX), "photo")
    for upload in files if not sent.problems else ():
        try:
            sent.photos.append(attached(upload, upload.name or ""))
        except WaslError as error:
            sent.refuse(error, "photo")
            break
    return sent


def form_key(request: Any) -> str:
    """The name of one filled-in form, made with the page: sending it twice does nothing new."""
    try:
        return str(UUID(request.POST.get("key", "")))
    except ValueError:
        return str(uuid7())
