"""A content stream as operations (ISO 32000-1, 7.8.2), one by one: the library would build them all at once, at a hundred times the size.

Damage ends the stream; nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

OPERANDS_MAX = 64  # of one operation; the longest has 6, and an array counts as one
ITEMS_MAX = 20_000  # of one array

_TOKEN = re.compile(
    rb"(?P<space>[\x00\t\n\x0c\r ]+|%[^\r\n]*)"
    rb"|(?P<string>\()|(?P<dictionary><<|>>)|<(?P<hex>[0-9A-Fa-f\s]*)>|(?P<open>\[)|(?P<close>\])"
    rb"|/(?P<name>[^\x00\t\n\x0c\r ()<>\[\]{}/%]*)"
    rb"|(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|\Z))"
    rb"|(?P<operator>[^\x00\t\n\x0c\r ()<>\[\]{}/%]+)"
)
_BRACKET = re.compile(rb"[()]|\\.", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\x0c", b"\n": b"", b"\r": b"", b"\r\n": b""}


def operations(data: bytes) -> Iterator[tuple[list[Any], str]]:
    """(operands, operator): numbers as float, names as "/Name", strings as bytes, arrays as lists; dictionaries are left out."""
    operands: list[Any] = []
    array: list[Any] | None = None
    at = 0
    while (match := _TOKEN.match(data, at)) is not None:
        at, kind = match.end(), match.lastgroup
        if kind == "space" or kind == "dictionary":
            continue
        value: Any = None
        if kind == "operator":
            name = match[0].decode("latin-1")
            yield operands, name
            operands, array = [], None
            if name == "ID":
                at = _behind_image(data, at)
            continue
        if kind == "open":
            array = []
            continue
        if kind == "close":
            value, array = array or [], None
        elif kind == "string":
            end = _end_of_string(data, at)
            if end is None:
                return
            value, at = _plain(data[at : end - 1]), end
        elif kind == "hex":
            value = _from_hex(match["hex"])
        elif kind == "name":
            value = "/" + match["name"].decode("latin-1")
        else:
            value = float(match[0])
        if array is not None:
            if len(array) < ITEMS_MAX:
                array.append(value)
        elif len(operands) < OPERANDS_MAX:
            operands.append(value)


def _end_of_string(data: bytes, at: int) -> int | None:
    """Behind the bracket that closes the string whose content begins at `at`."""
    deep = 1
    for match in _BRACKET.finditer(data, at):
        if match[0] == b"(":
            deep += 1
        elif match[0] == b")":
            deep -= 1
            if deep == 0:
                return match.end()
    return None


def _plain(text: bytes) -> bytes:
    return _ESCAPE.sub(_unescaped, text) if b"\\" in text else text


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code[:1].isdigit() and code[:1] < b"8":
        return bytes([int(code, 8) & 0xFF])
    return _ESCAPED.get(code, code)


def _from_hex(digits: bytes) -> bytes:
    plain = bytes(each for each in digits if each not in b"\x00\t\n\x0c\r ")
    return bytes.fromhex((plain + b"0" * (len(plain) % 2)).decode())


def _behind_image(data: bytes, at: int) -> int:
    """Behind an inline image, whose bytes are no operations."""
    end = data.find(b"EI", at)
    return len(data) if end < 0 else end + 2
