"""What all readers of sheets share: opening them, their functions, variables and code lists, messages, and what is forbidden."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from wasl.formats import xml
from wasl.rules import regex
from wasl.rules.errors import Unsupported, XPathError
from wasl.rules.sheet import XSL, Sheet
from wasl.rules.tree import DOCUMENT, TEXT, Node, from_lxml
from wasl.rules.xpath import ast
from wasl.rules.xpath.lexer import tokenize
from wasl.rules.xpath.parser import Statics, parse, parse_type
from wasl.rules.xpath.shape import parts

FN = "http://www.w3.org/2005/xpath-functions"
XS = {"xs": "http://www.w3.org/2001/XMLSchema", "fn": FN}
LIST_MAX = 8_000_000  # bytes of one code list
CONSTANT_MAX = 2_000  # items of a constant sequence that is written out where it is used
# Functions by which an XSLT engine would reach files, the network or its own process. Refused wherever they stand.
FORBIDDEN = frozenset(
    {
        "unparsed-text", "unparsed-text-lines", "unparsed-text-available", "environment-variable", "available-environment-variables", "doc",
        "doc-available", "collection", "uri-collection", "json-doc", "load-xquery-module", "transform", "parse-xml", "function-lookup", "put",
    }
)  # fmt: skip
_ELEMENTS = frozenset(
    {
        "import", "include", "import-schema", "use-package", "package", "result-document", "evaluate", "source-document", "merge", "stream",
        "script", "accumulator", "iterate", "key", "strip-space", "preserve-space",
    }
)  # fmt: skip
_XPATH_ATTRIBUTES = ("select", "test", "match", "use", "group-by", "count", "from", "value", "xpath", "context", "path")
_FILE_NAME = re.compile(r"[\w\-][\w.\- ]*\.xml")


def open_sheet(data: bytes) -> Any:
    """The root element, without comments and instructions. The hardened parser refuses a DOCTYPE, so no entity is ever fetched."""
    from lxml import etree

    root = xml.parse(data)
    etree.strip_elements(root, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    return root


def flat(text: str | None) -> str:
    if text is None:
        raise Unsupported(what="an element without its match or test", where="the sheet")
    return re.sub(r"[ \t\r\n]+", " ", text).strip()


def severity(flag: str) -> str:
    return {"error": "fatal", "warn": "warning", "info": "information"}.get(flag.lower(), flag.lower())


def forbid(root: Any, boilerplate: frozenset[str] = frozenset()) -> None:
    """Refuse, by name, whatever would reach outside the sheet. `boilerplate`: expressions that every such sheet has and that are never used."""
    for node in root.iter():
        if node.tag.startswith(XSL) and node.tag[len(XSL) :] in _ELEMENTS:
            raise Unsupported(what=f"xsl:{node.tag[len(XSL) :]} {node.get('href') or node.get('name') or ''}".strip(), where="the sheet")
        if node.tag.startswith("{http://www.w3.org/2001/XInclude}"):
            raise Unsupported(what="XInclude", where="the sheet")
        if node.get("xpath-default-namespace") or node.get(XSL + "xpath-default-namespace"):
            raise Unsupported(what="xpath-default-namespace", where="the sheet")
        for name in _XPATH_ATTRIBUTES:
            source = node.get(name)
            if source and "(" in source and source not in boilerplate:
                _forbid_calls(source, node.nsmap)


def _forbid_calls(source: str, namespaces: Mapping[str | None, str]) -> None:
    if "document" not in source and not any(name in source for name in FORBIDDEN):
        return
    tokens = tokenize(source)
    for at, token in enumerate(tokens[:-2]):
        prefix, _, local = token.text.rpartition(":")
        if token.kind != "name" or tokens[at + 1].text != "(" or (prefix and namespaces.get(prefix) != FN):
            continue
        given = tokens[at + 2]
        if local in FORBIDDEN or (local == "document" and given.kind != "string"):
            raise Unsupported(what=f"the function {token.text}()", where=source)
        if local == "document" and _FILE_NAME.fullmatch(given.text[1:-1]) is None:
            raise Unsupported(what=f"the document {given.text[1:-1]} outside the sheet's own folder", where=source)


@dataclass(slots=True)
class Reading:
    """One sheet while it is read: what its expressions may refer to."""

    base: Path | None
    namespaces: dict[str, str]
    functions: dict[tuple[str, int], ast.Function] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)  # elements that declare the sheet's variables, by name
    known: dict[str, ast.Expr] = field(default_factory=dict)
    lists: dict[str, Node] = field(default_factory=dict)
    outer: Reading | None = None
    parsing: set[str] = field(default_factory=set)

    # -- expressions -----------------------------------------------------------------------------------------------------------------

    def expression(self, source: str, at: Any, scope: frozenset[str] = frozenset(), local: Mapping[str, ast.Expr] | None = None) -> ast.Expr:
        """Parse `source`, which stands on the element `at`. `scope`: variables with a value of their own at each node; `local`: constants."""
        return parse(source, self.in_scope(at), scope, self.statics(local))

    def statics(self, local: Mapping[str, ast.Expr] | None = None) -> Statics:
        known = local or {}
        return Statics(self.functions, lambda name: known[name] if name in known else self.variable(name), self.document)

    def in_scope(self, at: Any) -> dict[str, str]:
        here = {prefix: uri for prefix, uri in at.nsmap.items() if prefix} if at is not None else {}
        return {**XS, **self.namespaces, **here}

    def variable(self, name: str) -> ast.Expr | None:
        """A variable of the sheet, read when first referred to; a constant takes its place at once."""
        found = self.known.get(name)
        if found is not None:
            return found
        source = self.sources.get(name)
        if source is None:
            return self.outer.variable(name) if self.outer is not None else None
        if name in self.parsing:
            raise Unsupported(what=f"the variable ${name} in a circle", where=f"${name}")
        self.parsing.add(name)
        expr = self.value_of(source, frozenset(), {})
        constant = folded(expr)
        self.known[name] = constant if constant is not None else ast.Global(ast.Definition(name, expr))
        return self.known[name]

    def inside(self, sources: dict[str, Any]) -> Reading:
        """The same sheet inside a pattern with variables of its own."""
        return Reading(self.base, self.namespaces, self.functions, sources, {}, self.lists, self)

    def document(self, name: str) -> Node:
        """A code list beside the sheet: a plain file name in the sheet's own folder, read once, here and never later."""
        if name not in self.lists:
            self.lists[name] = from_lxml(xml.parse(self._list_bytes(name)))
        return self.lists[name]

    def _list_bytes(self, name: str) -> bytes:
        where = f"document('{name}')"
        if self.base is None or _FILE_NAME.fullmatch(name) is None:
            raise Unsupported(what=f"the document {name} outside the sheet's own folder", where=where)
        path = self.base / name
        try:
            if path.resolve(strict=True).parent != self.base.resolve(strict=True) or path.stat().st_size > LIST_MAX:
                raise Unsupported(what=f"the document {name} outside the sheet's own folder", where=where)
            return path.read_bytes()
        except OSError:
            raise Unsupported(what=f"the document {name}, which is not beside the sheet", where=where) from None

    # -- functions and variables ------------------------------------------------------------------------------------------------------

    def declare(self, root: Any, ours: frozenset[str] = frozenset()) -> None:
        """All `xsl:function` children of `root`: first their signatures, for they may call each other, then their bodies. `ours`: names
        of functions that every such sheet has for writing its report."""
        found: list[tuple[Any, ast.Function]] = []
        for node in root.iterfind(XSL + "function"):
            name = node.get("name") or ""
            if name in ours:
                continue
            prefix, _, local = name.rpartition(":")
            uri = self.in_scope(node).get(prefix, "")
            if not uri or uri in XS.values():
                raise Unsupported(what=f"the function {name}() without a namespace of its own", where=name)
            params = tuple((p.get("name"), self.type_of(p)) for p in node.iterfind(XSL + "param"))
            function = ast.Function(name, params, self.type_of(node))
            if self.functions.setdefault((f"{{{uri}}}{local}", len(params)), function) is not function:
                raise Unsupported(what=f"a second function {name}()", where=name)
            found.append((node, function))
        for node, function in found:
            body = [child for child in node if child.tag != XSL + "param"]
            _no_text(node, f"the function {function.name}()")
            function.body = self.constructor(body, frozenset(name for name, _ in function.params), {}, f"the function {function.name}()")

    def type_of(self, node: Any) -> ast.SequenceType | None:
        source = node.get("as")
        return parse_type(source, self.in_scope(node)) if source else None

    def constructor(self, nodes: list[Any], scope: frozenset[str], local: Mapping[str, ast.Expr], where: str) -> ast.Expr:
        """The instructions of a function as one expression."""
        results: list[ast.Expr] = []
        for place, node in enumerate(nodes):
            if node.tag == XSL + "variable":
                name, value = node.get("name"), self.value_of(node, scope, local)
                constant = folded(value)
                if constant is not None:
                    rest = self.constructor(nodes[place + 1 :], scope - {name}, {**local, name: constant}, where)
                else:
                    rest = ast.Let(name, value, self.constructor(nodes[place + 1 :], scope | {name}, local, where))
                results.append(rest)
                break
            results.append(self.instruction(node, scope, local, where))
        return results[0] if len(results) == 1 else ast.Sequence(tuple(results))

    def instruction(self, node: Any, scope: frozenset[str], local: Mapping[str, ast.Expr], where: str) -> ast.Expr:
        _no_text(node, where)
        if node.tag == XSL + "sequence" and node.get("select") and not len(node):
            return self.expression(node.get("select"), node, scope, local)
        if node.tag == XSL + "value-of" and node.get("select") and not node.get("separator"):
            value = self.expression(node.get("select"), node, scope, local)
            texts = ast.For("value-of()", value, ast.Call("string", (ast.Var("value-of()"),)))
            return ast.Call("xs:untypedAtomic", (ast.Call("string-join", (texts, ast.Literal(" "))),))
        if node.tag == XSL + "if":
            test = self.expression(node.get("test"), node, scope, local)
            return ast.If(test, self.constructor(list(node), scope, local, where), ast.Sequence(()))
        if node.tag == XSL + "choose":
            found: ast.Expr = ast.Sequence(())
            for branch in reversed(node):
                _no_text(branch, where)
                body = self.constructor(list(branch), scope, local, where)
                if branch.tag == XSL + "otherwise":
                    found = body
                else:
                    found = ast.If(self.expression(branch.get("test"), branch, scope, local), body, found)
            return found
        raise Unsupported(what=f"{node.tag.replace(XSL, 'xsl:')} in a function or variable", where=where)

    def value_of(self, node: Any, scope: frozenset[str], local: Mapping[str, ast.Expr]) -> ast.Expr:
        """The value of a variable: `select`, its own text, or instructions with a declared type."""
        name, wanted = f"the variable ${node.get('name')}", self.type_of(node)
        source = node.get("select") or node.get("value")
        if source is not None:
            value = self.expression(source, node, scope, local)
            return value if wanted is None else ast.Typed(value, wanted)
        if node.tag == XSL + "param":
            raise Unsupported(what=f"the parameter ${node.get('name')} without a value", where=name)
        if not len(node):
            text = ast.Constant(text_document(node.text or ""))
            return text if wanted is None else ast.Typed(text, wanted)
        if wanted is None:
            raise Unsupported(what=f"{name} that builds a tree", where=name)
        _no_text(node, name)
        return ast.Typed(self.constructor(list(node), scope, local, name), wanted)


def _no_text(node: Any, where: str) -> None:
    texts = [node.text, *(child.tail for child in node)]
    if any(text and text.strip() for text in texts):
        raise Unsupported(what="text between instructions", where=where)


def text_document(text: str) -> Node:
    """The document node that a variable with nothing but text has for a value."""
    document = Node(DOCUMENT, None, 1)
    if text:
        document.children.append(Node(TEXT, document, 2, value=text))
    return document


def folded(expr: ast.Expr) -> ast.Expr | None:
    """The literal or literals that a constant expression amounts to; None for anything that looks at a document or may fail."""
    looks = (ast.ContextItem, ast.Step, ast.Path, ast.Var, ast.Global, ast.Constant, ast.UserCall, ast.For, ast.Quantified, ast.Range)
    for part in parts(expr):
        if isinstance(part, looks) or (isinstance(part, ast.Call) and (part.name not in _FOLDED or (not part.args and part.name not in _CONSTANT))):
            return None
    from wasl.rules.xpath.interpret import Focus, evaluate

    try:
        values = list(evaluate(expr, Focus(None)))
    except XPathError:
        return None
    if len(values) > CONSTANT_MAX or not all(type(value) in (str, int, Decimal, bool) for value in values):
        return None
    literals = tuple(ast.Call("true" if v else "false", ()) if isinstance(v, bool) else ast.Literal(v) for v in values)
    return literals[0] if len(literals) == 1 else ast.Sequence(literals)


_CONSTANT = frozenset({"true", "false"})
_FOLDED = frozenset(
    {"true", "false", "not", "concat", "normalize-space", "upper-case", "lower-case", "string-join", "xs:string", "tokenize", "substring"}
)


def check(sheet: Sheet) -> Sheet:
    """What can only be seen in the whole: patterns of `matches` and its like must be constants that the compiler can translate."""
    seen: set[int] = set()
    for template, rule in sheet.asserts():
        for expr in (rule.expr, *(part for part in rule.text if isinstance(part, ast.Expr)), *(value for _, value in template.lets)):
            _check(expr, rule.test, seen)
    for _, templates in sheet.modes:
        for template in templates:
            for pattern in template.patterns:
                for step in pattern.steps:
                    for predicate in step.predicates:
                        _check(predicate, template.context, seen)
    return sheet


def _check(expr: ast.Expr, where: str, seen: set[int]) -> None:
    for part in parts(expr):
        if isinstance(part, ast.Call) and part.name in ("matches", "tokenize", "replace") and len(part.args) > 1:
            _check_pattern(part, where)
        inner = part.definition if isinstance(part, ast.Global) else part.function if isinstance(part, ast.UserCall) else None
        if inner is not None and id(inner) not in seen:
            seen.add(id(inner))
            body = inner.expr if isinstance(inner, ast.Definition) else inner.body
            if body is not None:
                _check(body, f"${inner.name}" if isinstance(inner, ast.Definition) else f"the function {inner.name}()", seen)


def _check_pattern(call: ast.Call, where: str) -> None:
    at = 3 if call.name == "replace" else 2
    given = (call.args[1], *call.args[at : at + 1])
    texts = [arg.value for arg in given if isinstance(arg, ast.Literal) and isinstance(arg.value, str)]
    if len(texts) != len(given):
        raise Unsupported(what=f"{call.name}() with a pattern that is not constant", where=where)
    try:
        regex.Regex(*texts)
    except regex.BadPattern as problem:
        raise Unsupported(what=f"the regular expression {texts[0]} with {problem}", where=where) from None


def message(nodes: Iterator[tuple[str | None, ast.Expr | None]]) -> tuple[str | ast.Expr, ...]:
    """Plain text and expressions as a message: one flat text where there is nothing but text."""
    found: list[str | ast.Expr] = []
    for text, expr in nodes:
        if text:
            found.append(text)
        if expr is not None:
            found.append(expr)
    if all(isinstance(part, str) for part in found):
        return (flat("".join(str(part) for part in found)),)
    return tuple(found)


def xslt_message(node: Any, reading: Reading, scope: frozenset[str], local: Mapping[str, ast.Expr]) -> tuple[str | ast.Expr, ...]:
    """The text of a message in XSLT: `xsl:value-of` and `xsl:text` between plain text."""

    def pieces() -> Iterator[tuple[str | None, ast.Expr | None]]:
        yield node.text, None
        for child in node:
            if child.tag == XSL + "value-of" and child.get("select"):
                yield None, reading.expression(child.get("select"), child, scope, local)
            elif child.tag == XSL + "text":
                yield child.text, None
            elif child.tag.startswith(XSL) or len(child):
                raise Unsupported(what=f"{child.tag} in a message", where=flat("".join(node.itertext())))
            else:
                yield child.text, None  # emphasis
            yield child.tail, None

    return message(pieces())


__all__ = ["Reading", "check", "flat", "folded", "forbid", "message", "open_sheet", "severity", "xslt_message"]
