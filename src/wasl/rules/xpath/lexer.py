"""Tokens of XPath 2.0. Operator names are told from element names by what stands before them, as the specification says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wasl.rules.errors import Unsupported

_NAME = r"[^\W\d][\w.\-]*"
_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n]+)
    | (?P<comment>\(:)
    | (?P<double>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+)
    | (?P<decimal>[0-9]+\.[0-9]*|\.[0-9]+)
    | (?P<integer>[0-9]+)
    | (?P<string>"(?:[^"]|"")*"|'(?:[^']|'')*')
    | (?P<var>\$\s*{_NAME}(?::{_NAME})?)
    | (?P<axis>{_NAME}(?=\s*::))
    | (?P<wild>\*:{_NAME}|{_NAME}:\*)
    | (?P<name>{_NAME}(?::{_NAME})?)
    | (?P<sign>::|//|\.\.|!=|<=|>=|<<|>>|[()\[\]@,.|=<>+\-*/?])
    """,
    re.VERBOSE,
)
OPERATORS = frozenset(
    {
        "and", "or", "div", "idiv", "mod", "union", "intersect", "except", "to", "eq", "ne", "lt", "le", "gt", "ge", "is",
        "instance", "treat", "castable", "cast", "return", "satisfies", "in", "then", "else",
    }
)  # fmt: skip
_OPERAND_END = frozenset({"integer", "decimal", "double", "string", "var", "name", "wild"})


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # integer decimal double string var axis wild name sign op end
    text: str
    at: int


def tokenize(source: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        if found is None:
            raise Unsupported(what=f"unexpected character {source[at]!r}", where=source)
        kind, text = found.lastgroup or "", found.group()
        if kind == "comment":
            at = _skip_comment(source, at)
            continue
        at = found.end()
        if kind == "space":
            continue
        previous = tokens[-1] if tokens else None
        after_operand = previous is not None and (
            previous.kind in _OPERAND_END or (previous.kind == "sign" and previous.text in (")", "]", ".", "..", "*"))
        )
        if kind == "name" and text in OPERATORS and after_operand:
            kind = "op"
        elif kind == "sign" and text == "*":
            # A star after an operand multiplies, otherwise it is a name test that itself ends an operand.
            kind = "op" if after_operand else "wild"
        tokens.append(Token(kind, text, found.start()))
    tokens.append(Token("end", "", len(source)))
    return tokens


def _skip_comment(source: str, at: int) -> int:
    depth, at = 1, at + 2
    while depth:
        opening, closing = source.find("(:", at), source.find(":)", at)
        if closing < 0:
            raise Unsupported(what="a comment without an end", where=source)
        if 0 <= opening < closing:
            depth, at = depth + 1, opening + 2
        else:
            depth, at = depth - 1, closing + 2
    return at
