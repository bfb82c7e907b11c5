"""Files of forms, held in memory and bounded: one that is too large is left out, and the rest of the form arrives whole.

So a page can say kindly that the photo was too large, with the text still in its field. Nothing is written to disk.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler, SkipFile
from django.http import HttpRequest

FILE_OCTETS_MAX = 10 * 1024 * 1024  # the largest photo that support/photos.py opens
FORM_OCTETS_MAX = 24 * 1024 * 1024  # all files of one form together
_MARK = "wasl.files_left_out"


class Bounded(MemoryFileUploadHandler):
    """Takes every file there is, whatever length the client claims, up to both limits."""

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], content_length: int, boundary: bytes, encoding: str | None = None) -> None:
        self.activated, self.taken = True, 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.taken += len(raw_data)
        if start + len(raw_data) > FILE_OCTETS_MAX or self.taken > FORM_OCTETS_MAX:
            if self.request is not None:
                self.request.META[_MARK] = True
            raise SkipFile
        super().receive_data_chunk(raw_data, start)


def was_too_large(request: HttpRequest) -> bool:
    """Whether a file of this form was left out for its size. Ask after the form was read."""
    return bool(request.META.get(_MARK))
