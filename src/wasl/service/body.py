"""What came in a request: unpacked within bounds (T96), a form taken apart, by our own few lines that allocate no more than the body."""

from __future__ import annotations

import re
import zlib
from typing import NamedTuple

from wasl.service.limits import BodyTooLarge, EncodingUnknown, FormDamaged, PackingDamaged

PARTS_MAX = 100
HEAD_BYTES_MAX = 4096  # the headers of one part of a form
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.I)
_FIELD = re.compile(r'(?:^|[;\s])(name|filename)="((?:[^"\\]|\\.)*)"', re.I)


class Upload(NamedTuple):
    """One document of a request."""

    name: str
    data: bytes


def unpacked(data: bytes, encoding: str, limit: int) -> bytes:
    """The body without its Content-Encoding. Raises BodyTooLarge beyond `limit` bytes, EncodingUnknown, PackingDamaged."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return data
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise EncodingUnknown(encoding=encoding[:40])
    wants = 31 if encoding != "deflate" else 15
    unpacker = zlib.decompressobj(wants)
    try:
        found = unpacker.decompress(data, limit + 1)
    except zlib.error:
        raise PackingDamaged from None
    if len(found) > limit:
        raise BodyTooLarge(limit=limit // 1_000_000)
    if not unpacker.eof or unpacker.unused_data:
        raise PackingDamaged
    return found


def form(data: bytes, content_type: str) -> tuple[list[Upload], dict[str, str]]:
    """(files, other fields) of a multipart form, RFC 7578. Raises FormDamaged."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise FormDamaged
    mark = b"--" + (found[1] or found[2]).encode()
    if not data.startswith(mark):
        raise FormDamaged
    files: list[Upload] = []
    fields: dict[str, str] = {}
    at = len(mark)
    for _ in range(PARTS_MAX):
        if data[at : at + 2] == b"--":
            return files, fields
        head_end = data.find(b"\r\n\r\n", at, at + HEAD_BYTES_MAX)
        end = data.find(b"\r\n" + mark, head_end)
        if data[at : at + 2] != b"\r\n" or head_end < 0 or end < 0:
            raise FormDamaged
        head = data[at:head_end].decode("utf-8", errors="replace")
        body = data[head_end + 4 : end]
        at = end + 2 + len(mark)
        _take(head, body, files, fields)
    raise FormDamaged


def _take(head: str, body: bytes, files: list[Upload], fields: dict[str, str]) -> None:
    disposition = next((line for line in head.split("\r\n") if line.lower().startswith("content-disposition:")), "")
    names = {key.lower(): value for key, value in _FIELD.findall(disposition)}
    if "filename" in names:
        if names["filename"] or body:  # a browser sends an empty part where nothing was chosen
            files.append(Upload(plain_name(names["filename"]), body))
    elif "name" in names and len(body) <= HEAD_BYTES_MAX:
        fields[names["name"]] = body.decode("utf-8", errors="replace")


def plain_name(name: str) -> str:
    """A file's own name, as it may be shown: no path, no control or direction characters."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(char for char in last if char.isprintable())[:200] or "document"
