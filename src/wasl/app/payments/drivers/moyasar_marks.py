"""What we write into a Moyasar payment's metadata about its refunds, which have neither key nor list there.

`refunds_done` are ours ("key:amount, ..."), `refund_under_way` is the one whose answer we wait for ("key:amount:refunded before"),
`refunds_outside` the amounts given back without us. Amounts in minor units.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wasl.app.payments.drivers.port import GatewayRefused
from wasl.app.payments.drivers.units import whole
from wasl.errors import Words

DONE, UNDER_WAY, OUTSIDE = "refunds_done", "refund_under_way", "refunds_outside"
VALUE_CHARS_MAX, PARTS_MAX = 500, 12  # no value is longer, so a list goes on under the next name; a payment has thirty names
TOO_MANY = Words("this payment was refunded in too many parts", "رُدّت هذه الدفعة على أجزاء أكثر مما يُسمح به")


def _names(name: str) -> list[str]:
    return [name, *(f"{name}_{number}" for number in range(2, PARTS_MAX + 1))]


def held(metadata: Mapping[str, Any], name: str) -> str:
    """A list of ours, put together again from the values it needed."""
    return "".join(str(metadata.get(part) or "") for part in _names(name))


def listed(name: str, value: str) -> dict[str, str]:
    """A list of ours as the values that hold it. GatewayRefused where it is longer than all of them."""
    parts = [value[at : at + VALUE_CHARS_MAX] for at in range(0, len(value), VALUE_CHARS_MAX)] or [""]
    if len(parts) > PARTS_MAX:
        raise GatewayRefused(reason=TOO_MANY)
    return dict(zip(_names(name), parts, strict=False))


def said(done: Mapping[str, int]) -> str:
    return ",".join(f"{key}:{amount}" for key, amount in done.items())


def done(metadata: Mapping[str, Any]) -> dict[str, int]:
    pairs = (pair.partition(":") for pair in held(metadata, DONE).split(",") if pair)
    return {key: whole(int(amount)) for key, _, amount in pairs}


def under_way(metadata: Mapping[str, Any]) -> tuple[str, int, int] | None:
    parts = str(metadata.get(UNDER_WAY) or "").split(":")
    return (parts[0], whole(int(parts[1])), whole(int(parts[2]), least=0)) if len(parts) == 3 else None
