"""One syntax into another: bytes in, bytes out, and everything that did not arrive, named by its term.

What was written is read back and compared with what was meant, so a loss cannot go unseen: not one of the writer's, nor one of a
term that somebody adds to the model tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from wasl.errors import Words
from wasl.formats import cii, compare, ubl, wasljson
from wasl.formats.cii.canonical import in_order
from wasl.formats.cii.levels import profile as cii_profile
from wasl.formats.cii.levels import reduced
from wasl.formats.compare import Difference, shown
from wasl.formats.read import read
from wasl.formats.result import Loss, ReadResult
from wasl.formats.write import level
from wasl.invoice.model import Invoice


class Converted(msgspec.Struct, frozen=True, kw_only=True):
    """`losses` are in the order of the source, then of the model; `invoice` is what the bytes say when they are read."""

    data: bytes
    losses: tuple[Loss, ...]
    invoice: Invoice

    @property
    def complete(self) -> bool:
        """Whether nothing was lost but what the profile asked for leaves out."""
        return all(loss.kind != "lost" for loss in self.losses)


def convert(data: bytes, *, to: str, profile: str | None = None, name: str | None = None) -> Converted:
    """The invoice in `data` (anything that `read` reads) in syntax `to`.

    Raises what `read` and `write` raise; a loss is never an exception.
    """
    source = read(data, name=name)
    done = convert_invoice(source.invoice, to=to, profile=profile)
    return Converted(data=done.data, losses=source.losses + done.losses, invoice=done.invoice)


def convert_invoice(invoice: Invoice, *, to: str, profile: str | None = None) -> Converted:
    """The same for an invoice that has been read."""
    name = level(to, profile)
    fitting = reduced(invoice, name)
    losses = [_left_out(each, name) for each in compare.differences(invoice, fitting)]
    shaped, written, reader = _written(fitting, to)
    losses += [_changed(each, to) for each in compare.differences(in_order(fitting), in_order(shaped))]
    arrived = reader(written).invoice
    losses += [_lost(each, to) for each in compare.differences(shaped, arrived)]
    return Converted(data=written, losses=tuple(losses), invoice=arrived)


def _written(invoice: Invoice, to: str) -> tuple[Invoice, bytes, Callable[[bytes], ReadResult]]:
    """What is meant, in the shape that the syntax can hold; its bytes; and the reader that will say what arrived."""
    if to == "json":
        return invoice, wasljson.write(invoice), wasljson.read
    if to == "ubl":
        shaped = ubl.canonical(invoice)
        return shaped, ubl.write_whole(shaped), ubl.read
    shaped = cii.canonical(invoice)
    return shaped, cii.write_whole(shaped), cii.read


_SYNTAX = {"ubl": "UBL", "cii": "CII", "xrechnung": "CII", "json": "Wasl JSON"}


def _lost(each: Difference, to: str) -> Loss:
    syntax = _SYNTAX[to]
    if each.right is not None and each.left is not None:
        words = Words(f"{{label}} arrives as {{new}} in {syntax}.", f"القيمة تصل في {syntax} على الصورة {{new}}: {{label}}.")
    else:
        words = Words(f"{syntax} has no place for {{label}} as it stands here.", f"لا مكان في {syntax} لهذه القيمة على هذه الصورة: {{label}}.")
    return _loss(each, words, "lost")


def _left_out(each: Difference, name: str) -> Loss:
    shown_name = cii_profile(name).name
    if each.right is not None:
        words = Words(f"{{label}} becomes {{new}}: the profile {shown_name} demands it.", f"القيمة تصير {{new}} كما يقتضي {shown_name}: {{label}}.")
        return _loss(each, words, "changed")
    return _loss(each, Words(f"The profile {shown_name} has no place for {{label}}.", f"لا مكان في {shown_name} لهذه القيمة: {{label}}."), "left out")


def _changed(each: Difference, to: str) -> Loss:
    syntax = _SYNTAX[to]
    if each.right is None:
        words = Words("{label} is not written: it repeats what the invoice says already.", "قيمة لا تُكتب لأنها تكرار لما في الفاتورة: {label}.")
    else:
        words = Words(
            f"{{label}} becomes {{new}}: {syntax} demands it, and the invoice says the same.",
            f"القيمة تصير {{new}} كما تقتضي {syntax}، والمعنى واحد: {{label}}.",
        )
    return _loss(each, words, "changed")


def _loss(each: Difference, words: Words, kind: Literal["lost", "left out", "changed"]) -> Loss:
    term = each.term
    en, ar = (f"{term.en} ({term.id})", f"{term.ar} ({term.id})") if term else (each.path, each.path)
    new = shown(each.right)
    return Loss(
        xpath=each.path,
        value=shown(each.left),
        en=_sentence(words.format(label=en, new=new)),
        ar=words.ar.format(label=ar, new=new),
        term=term.id if term else None,
        kind=kind,
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
