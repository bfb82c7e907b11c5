"""Files of forms, held in memory and bounded: one that is too large is left out, and the rest of the form arrives whole.

So a page can say kindly that the photo was too large, with the text still in its field. Nothing is kept on disk.
"""

from __future__ import annotations

import zlib
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, SkipFile
from django.http import HttpRequest
from django.urls import Resolver404, resolve

FILE_OCTETS_MAX = 10 * 1024 * 1024  # the largest photo that support/photos.py opens
FORM_OCTETS_MAX = 24 * 1024 * 1024  # all files of one form together
DENSE_OCTETS_MAX = 64_000_000  # of a large file once it is packed: text packs ten times smaller, a package is bounded by its reader
_MARK = "wasl.files_left_out"


_large: dict[str, int] = {}


def allow_large(route: str, octets: int) -> None:
    """Let the form of one route bring a file of up to `octets`, which is then kept compressed while it arrives: see `is_squeezed`."""
    _large[route] = octets


def large_for(path: str) -> int:
    """How large a file the form at `path` may bring where it may bring a large one; 0 for every other."""
    try:
        return _large.get(resolve(path).view_name, 0)
    except Resolver404:
        return 0


class Bounded(MemoryFileUploadHandler):
    """Takes every file there is, whatever length the client claims, up to both limits."""

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], content_length: int, boundary: bytes, encoding: str | None = None) -> None:
        self.activated, self.taken = True, 0
        match = getattr(self.request, "resolver_match", None)
        self.large = _large.get(match.view_name if match else "", 0)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        finally:
            self.packer = zlib.compressobj(1) if self.large else None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.taken += len(raw_data)
        is_dense = self.packer is not None and self.file.tell() > DENSE_OCTETS_MAX
        if is_dense or start + len(raw_data) > (self.large or FILE_OCTETS_MAX) or self.taken > (self.large or FORM_OCTETS_MAX):
            if self.request is not None:
                self.request.META[_MARK] = True
            raise SkipFile
        super().receive_data_chunk(self.packer.compress(raw_data) if self.packer else raw_data, start)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        if self.packer is not None:
            self.file.write(self.packer.flush())
        found = super().file_complete(file_size)
        if found is not None:
            found.squeezed = self.packer is not None
        return found


def is_squeezed(file: Any) -> bool:
    """Whether the file's bytes are zlib's, of the bytes that were sent."""
    return bool(getattr(file, "squeezed", False))


def was_too_large(request: HttpRequest) -> bool:
    """Whether a file of this form was left out for its size. Ask after the form was read."""
    return bool(request.META.get(_MARK))
