"""Which movement is which: the same movement read again, from this file or an overlapping one, gets the same identity.

It is a digest of what the bank says of it: account, day, amount, and the bank's own number of the movement; where the bank
gives none, all texts. Movements that are equal in everything are told apart by how many of them came before in the file,
so that two equal payments of one day are two, in every export that holds the day whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

import msgspec

from wasl.errors import Words
from wasl.formats.statements.amounts import shown
from wasl.formats.statements.errors import NotAStatement, SumsDiffer
from wasl.formats.statements.model import Balance, Foot, Head, Line, Part

DIGEST_BYTES = 16
_UNIT = "\x1f"  # between fields: no text of a statement holds it


def checked(parts: Iterator[Part]) -> Iterator[Part]:
    """The same parts: lines with their identity, feet with their sums proven. Raises `SumsDiffer`."""
    counts: dict[bytes, int] = {}
    seen: set[tuple[str, str, str, Balance]] = set()
    head: Head | None = None
    lines = total = 0
    is_copy = False
    for part in parts:
        if isinstance(part, Head):
            _refuse_odd_currency(part)
            head, lines, total = part, 0, 0
            key = (part.account, part.currency, part.number, part.opening) if part.opening and part.number else None
            is_copy = key is not None and key in seen
            if key is not None:
                seen.add(key)
            yield part
        elif isinstance(part, Line):
            assert head is not None
            lines, total = lines + 1, total + part.amount
            if not is_copy:
                yield msgspec.structs.replace(part, identity=_identity(head, part, counts))
        else:
            assert head is not None
            yield Foot(closing=part.closing, lines=lines, total=total, is_checked=_sums_hold(head, part, lines, total), is_copy=is_copy)


def _refuse_odd_currency(head: Head) -> None:
    code = head.currency
    if len(code) != 3 or not (code.isascii() and code.isupper()):
        raise NotAStatement(reason=Words(f"its currency “{code[:10]}” is none", f"عملته «{code[:10]}» غير معروفة"))


def _sums_hold(head: Head, foot: Foot, lines: int, total: int) -> bool:
    """True if worked out and right, False if the file gives nothing to work with."""
    if head.opening is None or foot.closing is None:
        return False
    reached = head.opening.amount + total
    if reached != foot.closing.amount:
        units = head.currency
        raise SumsDiffer(
            number=head.number or head.account, opening=shown(head.opening.amount, units), count=lines, total=shown(total, units),
            reached=shown(reached, units), closing=shown(foot.closing.amount, units), difference=shown(foot.closing.amount - reached, units),
        )  # fmt: skip
    return True


def _identity(head: Head, line: Line, counts: dict[bytes, int]) -> str:
    told = (line.bank_reference,) if line.bank_reference else ("", line.name, line.account, *line.references, "", line.text)
    text = _UNIT.join((head.account, head.currency, line.booked.isoformat(), str(line.amount), *told))
    content = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()
    before = counts.get(content, 0)
    counts[content] = before + 1
    if not before:
        return content.hex()
    return blake2b(content + before.to_bytes(4, "big"), digest_size=DIGEST_BYTES).hexdigest()
