"""Where a row was found, and the words to mark there. Display is never folded: marks are cut out of what was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wasl.app.archive.lexemes import compact
from wasl.app.archive.normalise import forms, words
from wasl.app.archive.parse import Query, Term

PIECE_CHARS_MAX = 160  # of a line that is shown
_LEAD_CHARS = 40  # before the first mark


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `marked` where it is what was looked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One place where something was found: `where` is a key (line, note, reference, said, aside), `at` the number of the line."""

    where: str
    pieces: tuple[Piece, ...]
    at: int = 0


def marker(query: Query) -> Marker:
    return Marker([term for term in query.terms if term.forms])


class Marker:
    """The words of a query, ready to be looked for in many texts."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = list(terms)
        self._wanted = [(form, forms(form), term) for term in self.terms for form in term.forms]
        self._numbers = [compact(term.text) for term in self.terms if term.kind in ("number", "amount", "dates")]

    def fits(self, word: str) -> bool:
        """Whether a folded word is one that was looked for, by the same rules as the index."""
        theirs = forms(word)
        shapes = (word, *theirs.bare)
        for wanted, ours, term in self._wanted:
            if word == wanted:
                return True
            if term.kind == "word" and (
                wanted in shapes or any(bare in shapes for bare in ours.bare) or theirs.stem == ours.stem
                or (len(wanted) >= 3 and any(shape.startswith(wanted) for shape in shapes))
            ):  # fmt: skip
                return True
        return False

    def cut(self, text: str) -> tuple[Piece, ...]:
        """The text in pieces, marked and not; whole words are marked."""
        pieces: list[Piece] = []
        at = 0
        for word in words(text):
            if self.fits(word.folded):
                pieces += [Piece(text[at : word.start])] if word.start > at else []
                pieces.append(Piece(text[word.start : word.end], True))
                at = word.end
        if at < len(text):
            pieces.append(Piece(text[at:]))
        return tuple(pieces)

    def number(self, number: str) -> tuple[Piece, ...]:
        """A document's number: marked whole, where what was typed is a part of it."""
        whole = compact(number)
        if any(part and (part in whole or part.lstrip("0") in whole) for part in self._numbers):
            return (Piece(number, True),)
        return self.cut(number)

    def best(self, texts: Iterable[str]) -> tuple[int, tuple[Piece, ...]] | None:
        """The text with most marks and its place, shortened around them; None where there is none."""
        best: tuple[int, int, tuple[Piece, ...]] | None = None
        for at, text in enumerate(texts):
            pieces = self.cut(text)
            count = sum(piece.marked for piece in pieces)
            if count and (best is None or count > best[0]):
                best = (count, at, pieces)
        return (best[1], _shortened(best[2])) if best else None


def _shortened(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Around the first mark: a long beginning and a long end are cut at a space."""
    out: list[Piece] = []
    left = PIECE_CHARS_MAX
    for at, piece in enumerate(pieces):
        text = piece.text
        if at == 0 and not piece.marked and len(text) > _LEAD_CHARS:
            cut = text[-_LEAD_CHARS:]
            text = "… " + cut[cut.find(" ") + 1 :]
        if len(text) > left and not piece.marked:
            kept = text[: max(left, 0)].rpartition(" ")[0]
            out.append(Piece(kept + " …"))
            break
        out.append(Piece(text, piece.marked))
        left -= len(text)
    return tuple(out)
