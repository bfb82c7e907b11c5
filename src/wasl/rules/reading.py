"""Bytes to a document for the compiled rules: well-formedness decided once per structure, known structures judged by their texts alone.

A document is its lines, each beginning with the same start tag, and the frame around them, a GAP where the lines were. A stretch whose
remains (shapes.py) are known was part of a document that a real parser accepted; exchanging its texts for others leaves it well-formed as
long as they hold no markup, no reference but the five predefined ones, and only characters that XML allows. What is not known goes through
the real parser, with an empty element in place of each run of lines taken out, and through the ordinary builder; where there is a comment,
an instruction or CDATA in it, the whole document does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import localcontext
from xml.parsers import expat

from wasl.rules.columns import GAP, Builder, Guide, Irregular, is_line, plain, unescape
from wasl.rules.compiled import Engine
from wasl.rules.document import Container, Document
from wasl.rules.shapes import Memory, Shape
from wasl.rules.values import EXACT

KEPT_MAX = 100_000  # a structure longer than this is not remembered
DECLARATIONS_MAX = 50

# A text with a character that XML forbids, or with a carriage return, is not cut out, so what is left is not known.
_split = re.compile(">([^<>\\x00-\\x08\\x0b-\\x1f\\ufffe\\uffff]*)</").split
_reference = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)").search
_root_tag = re.compile(r"\s*(<[^<>!?/][^<>]*>)").match
_EMPTY = f"<{GAP}/>"
Run = list[tuple[Shape, Sequence[str]]]


class Malformed(Exception):
    """The real parser does not accept it."""


class _Odd(Exception):
    """There is a comment, an instruction or CDATA in a stretch that is not known."""


class Reader:
    """Reads documents for one engine. Thread-safe: what threads share only grows, and grows to equal values."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.builder: Builder = engine.builder
        self.memory = Memory(self.builder.guide)
        self.declarations: set[str] = {""}
        self.remembers = all(thin[0] is not None for thin in engine.thin)

    def read(self, data: bytes, *, accepted: bool = False) -> Document:
        """The document of UTF-8 bytes that passed the guard; `accepted`: a real parser has seen it. Raises Malformed and Irregular."""
        document = self._read(data, accepted=accepted)
        document.source = data
        return document

    def _read(self, data: bytes, *, accepted: bool) -> Document:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed from None
        if not self.remembers:
            if not accepted:
                _accept(data)
            return self.builder.compose(plain(data))
        if not accepted:
            declaration, text = _declared(text)
            if b"\r" in data:
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            try:
                return self._parts(text, declaration, references=b"&" in data)
            except (_Odd, Irregular):
                _accept(data)
        text = plain(data)
        try:
            return self._parts(text, None, references="&" in text)
        except Irregular:
            return self.builder.compose(text)

    def _parts(self, text: str, declaration: str | None, *, references: bool) -> Document:
        """`declaration`: the XML declaration; None where the real parser has accepted all of it."""
        with localcontext(EXACT):
            return _Reading(self, self._memory(), text, declaration, references=references).document()

    def _memory(self) -> Memory:
        memory = self.memory
        if memory.full or memory.guide is not self.builder.guide:
            memory = self.memory = Memory(self.builder.guide)
        return memory

    def check(self, declaration: str, text: str) -> None:
        """Raises Malformed unless a real parser accepts it, and _Odd where there is more to it than tags and texts."""
        if "<!" in text or "<?" in text:
            raise _Odd
        _accept((declaration + text).encode())
        if len(declaration) < 200 and len(self.declarations) < DECLARATIONS_MAX:
            self.declarations.add(declaration)


def _accept(data: bytes) -> None:
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError:
        raise Malformed from None


def _declared(text: str) -> tuple[str, str]:
    """The XML declaration, and what follows it."""
    if not text.startswith("<?xml"):
        return "", text
    end = text.index("?>") + 2
    return text[:end], text[end:]


class _Reading:
    """One document on its way."""

    def __init__(self, reader: Reader, memory: Memory, text: str, declaration: str | None, *, references: bool) -> None:
        self.reader = reader
        self.memory = memory
        self.text = text
        self.declaration = declaration
        self.references = references
        self.unknown: dict[str, tuple[list[str], tuple[str, Guide] | None]] = {}
        self.runs: list[Run] = []
        match = _root_tag(text)
        self.root = match[1] if match else ""
        self.line = memory.lines.get(self.root)

    def document(self) -> Document:
        frame, single = self._frame()
        document = self._known(frame) if single else None
        if document is None:
            document = self._compose(frame)
        for key, (heads, line) in self.unknown.items():
            if key not in self.memory.shapes:
                self.memory.learn(self.reader.engine, key, heads, line)
        if self.line is None and self.root:
            self._meet(document)
        return document

    def _frame(self) -> tuple[str, bool]:
        """The text with a GAP for each run of lines that are known to be in order; and whether that is all there is of lines."""
        if self.line is None:
            return self.text, True
        tag, guide = self.line
        head, *lines = self.text.split(tag)
        if not lines:
            return self.text, True
        closing = f"</{guide.raw}>"
        end = lines[-1].find(closing) + len(closing)
        after = lines[-1].find("<", end)
        if end < len(closing) or after < 0:
            return self.text, False
        tail, lines[-1] = lines[-1][after:], lines[-1][:after]
        parts = [head]
        run: Run = []
        single = True
        for line in lines:
            judged = self._line(line)
            if judged is not None:
                run.append(judged)
                continue
            single = False
            if run:
                self.runs.append(run)
                parts.append(_EMPTY)
                run = []
            parts.append(tag + line)
        if run:
            self.runs.append(run)
            parts.append(_EMPTY)
        parts.append(tail)
        return "".join(parts), single

    def _line(self, line: str) -> tuple[Shape, Sequence[str]] | None:
        """Its shape and texts, if the shape is known and all near rules hold."""
        cut = _split(line)
        key = "\0".join(cut[::2])
        values: Sequence[str] = cut[1::2]
        shape = self.memory.shapes.get(key)
        if shape is None:
            self._note(key, cut[::2], self.line)
            return None
        if not shape.certain:
            return None
        if self.references and "&" in line:
            if _reference(line):
                return None
            values = [unescape(value) if "&" in value else value for value in values]
        return (shape, values) if shape.holds(values, self.memory) else None

    def _note(self, key: str, heads: list[str], line: tuple[str, Guide] | None) -> None:
        if len(key) <= KEPT_MAX and key not in self.memory.shapes and self.memory.again(key):
            self.unknown[key] = (heads, line)

    def _known(self, frame: str) -> Document | None:
        """The document, if its frame is known and in order too."""
        cut = _split(frame)
        key = "\0".join(cut[::2])
        shape = self.memory.shapes.get(key)
        if shape is None:
            self._note(key, cut[::2], None)
            return None
        if not shape.certain or not (self.declaration is None or self.declaration in self.reader.declarations):
            return None
        if (shape.gap is None) is bool(self.runs) or frame.count(GAP) != len(self.runs):
            return None
        if shape.gap is not None and (self.line is None or shape.nodes[shape.gap].guide is not self.line[1].parent):
            return None
        values: Sequence[str] = cut[1::2]
        if self.references and "&" in frame:
            if _reference(frame):
                return None
            values = [unescape(value) if "&" in value else value for value in values]
        if not shape.holds(values, self.memory):
            return None
        root = self.memory.guide
        document = Document({"..": None, ".": root}, {}, {}, [])
        _count(document, shape, 1)
        run = self.runs[0] if self.runs else []
        document.profile = (shape.sign, shape.profiled(values), frozenset((line.sign, line.profiled(texts)) for line, texts in run))
        document.profiles = self.memory.profiles
        known = document.profile in document.profiles
        kept = shape.thinner if known else shape.thin
        kept.put(values, document, document.doc, lambda around: self._fill(document, run, around, known=known))
        document.root = document.doc[shape.nodes[1].guide.key][0]
        return document

    @staticmethod
    def _fill(document: Document, run: Run, around: Container, *, known: bool = False) -> None:
        counts: dict[Shape, int] = {}
        for shape, values in run:
            counts[shape] = counts.get(shape, 0) + 1
            kept = shape.thinner if known else shape.thin
            if kept.shares:
                around.setdefault(kept.key, []).append(kept.line(values, document))
            else:
                kept.put(values, document, around)
        for shape, count in counts.items():
            _count(document, shape, count)

    def _compose(self, frame: str) -> Document:
        """The ordinary way for the frame and the lines still in it."""
        if frame.count(GAP) != len(self.runs):
            raise Irregular
        if self.declaration is not None:
            self.reader.check(self.declaration, frame)
        return self.reader.builder.compose(frame, [self._gap(run) for run in self.runs])

    def _gap(self, run: Run) -> Callable[[Document, Guide, Container], None]:
        def fill(document: Document, where: Guide, around: Container) -> None:
            if self.line is None or where is not self.line[1].parent:
                raise Irregular
            self._fill(document, run, around)

        return fill

    def _meet(self, document: Document) -> None:
        """Remember what a line of documents with this root looks like."""
        guide = next((g for g in document.containers if is_line(g.key)), None)
        if guide is None or len(self.root) > 10_000 or guide.parent is None:
            return
        if guide is guide.parent.kids.get((guide.raw, "")) and f"<{guide.raw}>" in self.text:
            self.memory.lines[self.root] = (f"<{guide.raw}>", guide)


def _count(document: Document, shape: Shape, times: int) -> None:
    document.size += shape.size * times
    document.hits |= shape.hits
    for path, count in shape.paths.items():
        document.paths[path] = document.paths.get(path, 0) + count * times


