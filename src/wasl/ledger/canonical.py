"""The one byte form of an event: JSON with ASCII keys, text and whole numbers only, equal to RFC 8785 (JCS).

With these limits sorting by code point is sorting by UTF-16 unit, and no number needs a floating-point form, so a fast
general encoder gives canonical bytes. Amounts are in minor units; 2^53 - 1 of them is over 90 trillion.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import orjson

from wasl.errors import Words
from wasl.ledger.errors import EventNotCanonical

INTEGER_MAX = 2**53 - 1  # beyond it RFC 8785 writes a rounded double
CANONICAL_BYTES_MAX = 8_192  # an event has about 600
DEPTH_MAX = 4

Value = str | int | Mapping[str, "Value"]
_TEXT, _PLAIN = frozenset((str,)), frozenset((str, int))  # an event of these alone needs no walk: orjson refuses large numbers
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def canonical(event: Mapping[str, Value]) -> bytes:
    """The canonical bytes of an event; EventNotCanonical for anything without one form (floats, null, booleans, lists)."""
    if not (_PLAIN.issuperset(map(type, event.values())) and _TEXT.issuperset(map(type, event)) and "".join(event).isascii()):
        _check(event, "", 1)
    try:
        out = orjson.dumps(event, option=_OPTIONS)
    except (orjson.JSONEncodeError, TypeError) as error:  # a lone surrogate in a text, or a number too large
        _check(event, "", 1)
        raise EventNotCanonical(field="?", reason=Words("a text is not valid Unicode", "فيه نص ليس Unicode سليمًا")) from error
    if len(out) > CANONICAL_BYTES_MAX:
        why = Words(
            f"the event has {len(out)} bytes, the limit is {CANONICAL_BYTES_MAX}",
            f"حجم الحدث {len(out)} بايت والحد {CANONICAL_BYTES_MAX}",
        )
        raise EventNotCanonical(field="?", reason=why)
    return out


def parse(data: bytes) -> dict[str, Value]:
    """An event from its canonical bytes; ProofMalformed-like refusal of any other form, duplicate keys included."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise EventNotCanonical(field="?", reason=Words("it is not JSON", "ليس JSON")) from None
    if not isinstance(value, dict):
        raise EventNotCanonical(field="?", reason=Words("it is not an object", "ليس كائن JSON"))
    event = cast("dict[str, Value]", value)
    if canonical(event) != data:
        raise EventNotCanonical(field="?", reason=Words("it is not in canonical form", "ليس بالصيغة القياسية"))
    return event


def _check(value: Mapping[str, Value], at: str, depth: int) -> None:
    if depth > DEPTH_MAX:
        raise EventNotCanonical(field=at, reason=Words("it is nested too deep", "تداخله أعمق مما يُقبل"))
    for key, item in value.items():
        if type(key) is not str or not key.isascii():
            raise EventNotCanonical(field=f"{at}{key!r}", reason=Words("the key is not ASCII text", "المفتاح ليس نص ASCII"))
        kind = type(item)
        if kind is str:
            continue
        if kind is int:
            if not -INTEGER_MAX <= cast("int", item) <= INTEGER_MAX:
                raise EventNotCanonical(field=at + key, reason=Words("the number is too large", "العدد أكبر مما يُقبل"))
        elif kind is dict:
            _check(cast("Mapping[str, Value]", item), f"{at}{key}.", depth + 1)
        else:
            why = Words(
                f"{kind.__name__} has no canonical form",
                f"النوع {kind.__name__} لا صيغة قياسية له",
            )
            raise EventNotCanonical(field=at + key, reason=why)
