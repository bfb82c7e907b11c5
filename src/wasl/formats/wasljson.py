"""Wasl JSON v1: `{"wasl": 1, ...}` with the field names of `wasl.invoice.model`, one to one.

The format of drafts and golden files: it may be incomplete, never ambiguous. Decimals are strings when written; JSON
numbers are read digit by digit, so no binary fraction enters. Refused, with the place named: a repeated key, an
unknown field, NaN and Infinity, an exponent, a number of more than 28 digits, a control character.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NoReturn, cast, get_args, get_origin, get_type_hints

import msgspec

from wasl.errors import UnreadableInput
from wasl.formats.lexical import FORBIDDEN, plain, to_date, to_decimal
from wasl.formats.result import ReadResult
from wasl.invoice.model import Invoice, Term

VERSION = 1
BYTES_MAX = 100_000_000  # as for XML: large attachments travel inside
# A value costs 70 bytes of memory, under a new name 250, however short its text: a real file has 18 bytes a value, `0,` has 2.
VALUES_MAX = 1_000_000  # 50,000 lines of 20 fields
VALUES_FREE = 30_000
VALUE_BYTES_MIN = 14
NUMBER_CHARACTERS_MAX = 40  # 28 digits, sign and point, with room to name the number in the refusal
SHOWN_MAX = 60  # characters of a foreign value repeated in an error


class JsonRefused(UnreadableInput):
    """Base of every refusal of this reader."""

    code = "WASL-JSON-00"


class NotJson(JsonRefused):
    code = "WASL-JSON-01"
    en = "This is not valid JSON at line {line}, column {column}. Fix: correct the file or export it again."
    ar = "صيغة JSON غير سليمة في السطر {line}، العمود {column}. الحل: صحّح الملف أو صدّره من جديد."


class NotWaslJson(JsonRefused):
    code = "WASL-JSON-02"
    en = "This JSON does not begin with the Wasl version 1 mark. Fix: add the field “wasl” with the value 1."
    ar = "ليس في الملف ما يدل على إصدار Wasl JSON رقم 1. الحل: أضف الحقل «wasl» بالقيمة 1."


class RepeatedKey(JsonRefused):
    code = "WASL-JSON-03"
    en = "The field “{name}” is written twice in one object. Fix: keep one of the two."
    ar = "الحقل «{name}» مكتوب مرتين في الكائن نفسه. الحل: أبقِ واحدًا منهما."


class UnknownField(JsonRefused):
    code = "WASL-JSON-04"
    en = "The field “{path}” does not exist in an invoice. Fix: correct its name or remove it."
    ar = "لا يوجد في الفاتورة حقل باسم «{path}». الحل: صحّح الاسم أو احذف الحقل."


class WrongValue(JsonRefused):
    code = "WASL-JSON-05"
    en = "The value of “{path}” is {shown}; {kind_en} is expected. Fix: correct the value."
    ar = "قيمة «{path}» هي {shown}، والمتوقع {kind_ar}. الحل: صحّح القيمة."


class JsonTooLarge(JsonRefused):
    code = "WASL-JSON-06"
    en = "The file is too large, holds too many values or is nested too deeply. Fix: move large attachments out, and give one invoice a file."
    ar = "الملف أكبر أو أكثر قيمًا أو أعمق تداخلًا مما يُقبل. الحل: أخرِج المرفقات الكبيرة منه، واجعل لكل فاتورة ملفًا."


_KINDS = {
    str: ("text without control characters", "نص بلا محارف تحكّم"),
    Decimal: (
        "a decimal number of at most 28 digits, 24 before the point, such as \"12.50\",",
        "عدد عشري من 28 خانة على الأكثر، 24 منها قبل الفاصلة، مثل «12.50»",
    ),
    date: ("a date such as \"2026-12-31\"", "تاريخ مثل «2026-12-31»"),
    bytes: ("content in Base64", "محتوى بترميز Base64"),
    dict: ("an object", "كائن"),
    list: ("a list", "قائمة"),
}


class _Number(str):
    """A JSON number, kept as it was written."""

    __slots__ = ()


def read(data: bytes) -> ReadResult:
    """The invoice in `data`; nothing can be lost, because what is not understood is refused."""
    fields = _parse(data)
    if not isinstance(fields, dict):
        raise NotWaslJson
    fields = cast(dict[str, Any], fields)
    version = fields.pop("wasl", None)
    if not isinstance(version, _Number) or version != str(VERSION):
        raise NotWaslJson
    return ReadResult(invoice=_struct(Invoice, fields, ""), syntax="wasl-json", source=data)


def write(invoice: Invoice) -> bytes:
    """Indented UTF-8, fields in model order, empty ones left out: the same bytes every time."""
    builtins = msgspec.to_builtins(invoice, builtin_types=(Decimal, bytes))
    return (json.dumps({"wasl": VERSION, **_plain(builtins)}, ensure_ascii=False, indent=2) + "\n").encode()


def _parse(data: bytes) -> object:
    # Signs inside texts count too: a text with a comma in every tenth letter and 15 MB of it is no invoice either
    limit = min(VALUES_MAX, VALUES_FREE + len(data) // VALUE_BYTES_MIN)
    if len(data) > BYTES_MAX or data.count(b",") + data.count(b"[") + data.count(b"{") > limit:
        raise JsonTooLarge
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotJson(line=line, column=error.start - data.rfind(b"\n", 0, error.start)) from None
    except json.JSONDecodeError as error:
        raise NotJson(line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise JsonTooLarge from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise RepeatedKey(name=_cut(name))
            seen.add(name)
    return found


def _number(text: str) -> _Number:
    return _Number(text[:NUMBER_CHARACTERS_MAX] + ("…" if len(text) > NUMBER_CHARACTERS_MAX else ""))


def _constant(name: str) -> _Number:
    return _Number(name)  # NaN, Infinity: refused where the place is known


@cache
def _fields(kind: type[Term]) -> dict[str, tuple[type, type | None]]:
    """Field name -> (type, element type of a tuple)."""
    found: dict[str, tuple[type, type | None]] = {}
    for name, hint in get_type_hints(kind).items():
        if get_origin(hint) is tuple:
            found[name] = (tuple, get_args(hint)[0])
        else:
            inner = [each for each in get_args(hint) if each is not type(None)]
            found[name] = (inner[0] if inner else hint, None)
    return found


def _struct(kind: type[Any], value: object, path: str) -> Any:
    if not isinstance(value, dict):
        _wrong(path, value, dict)
    known = _fields(kind)
    arguments: dict[str, object] = {}
    for name, each in cast(dict[str, object], value).items():
        place = f"{path}.{name}" if path else name
        if name not in known:
            raise UnknownField(path=_cut(place))
        if each is not None:
            arguments[name] = _value(*known[name], each, place)
    try:
        return kind(**arguments)
    except TypeError:  # a field without which the group means nothing: the value of an identifier
        _wrong(f"{path}.value", None, str)


def _value(kind: type, element: type | None, value: object, path: str) -> object:
    if kind is tuple:
        if not isinstance(value, list):
            _wrong(path, value, list)
        return tuple(_struct(cast(type, element), each, f"{path}[{at}]") for at, each in enumerate(cast(list[object], value)))
    if issubclass(kind, Term):
        return _struct(kind, value, path)
    if not isinstance(value, str) or (isinstance(value, _Number) and kind is not Decimal):
        _wrong(path, value, kind)
    found = _scalar(kind, value)
    if found is None:
        _wrong(path, value, kind)
    return found


def _scalar(kind: type, text: str) -> object | None:
    """The value that `text` stands for; None where it stands for none."""
    if kind is str:
        return None if FORBIDDEN.search(text) else text
    if kind is Decimal:
        return to_decimal(text)
    if kind is date:
        return to_date(text)
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None


def _wrong(path: str, value: object, kind: type) -> NoReturn:
    en, ar = _KINDS[kind]
    raise WrongValue(path=_cut(path), shown=_shown(value), kind_en=en, kind_ar=ar)


def _shown(value: object) -> str:
    """A short, harmless picture of a foreign value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, str):
        return f"“{_cut(value)}”"
    return "{…}" if isinstance(value, dict) else "[…]"


def _cut(text: str) -> str:
    cut = text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"
    return " ".join(FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", cut).splitlines())


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in cast(dict[str, Any], value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in cast(list[Any], value)]
    if isinstance(value, Decimal):
        return plain(value)
    return b64encode(value).decode() if isinstance(value, bytes) else value
