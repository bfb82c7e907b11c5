"""The functions and operators that the wider sheets brought, with the traps of each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from wasl.rules.errors import XPathError
from wasl.rules.tree import from_lxml
from wasl.rules.xpath import ast
from wasl.rules.xpath.interpret import DEPTH_MAX, Focus, Frame, evaluate, truth
from wasl.rules.xpath.parser import Statics, parse

NS = {"xs": "http://www.w3.org/2001/XMLSchema", "f": "urn:f"}


def values(expr: str, xml: str = "<a/>", statics: Statics | None = None) -> list[Any]:
    document = from_lxml(etree.fromstring(xml))
    return list(evaluate(parse(expr, NS, statics=statics), Focus(document.children[0], frame=Frame(document))))


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("7 mod 3", [1]), ("-7 mod 3", [-1]), ("7 mod -3", [1]), ("7 idiv 2", [3]), ("-7 idiv 2", [-3]), ("7.5 mod 2", [Decimal("1.5")]),
        ("9.9 idiv 2", [4]), ("10 idiv 3.3", [3]), ("5.0e0 mod 3", [2.0]), ("1 to 3", [1, 2, 3]), ("3 to 1", []), ("reverse(1 to 3)", [3, 2, 1]),
        ("subsequence((1,2,3,4), 2, 2)", [2, 3]), ("subsequence((1,2,3), 0.5)", [1, 2, 3]), ("remove((1,2,3), 2)", [1, 3]),
        ("insert-before((1,2), 2, (8,9))", [1, 8, 9, 2]), ("string-to-codepoints('A٣')", [65, 1635]), ("codepoints-to-string((65, 66))", ["AB"]),
        ("for $x in (1,2), $y in (10,20) return $x * $y", [10, 20, 20, 40]), ("some $x in (1,2) satisfies $x = 2", [True]),
        ("every $x in () satisfies $x = 2", [True]), ("'12' castable as xs:integer", [True]), ("'1.0' castable as xs:integer", [False]),
        ("'' castable as xs:integer", [False]), ("() castable as xs:integer?", [True]), ("'2024-02-30' castable as xs:date", [False]),
        ("'1e3' castable as xs:decimal", [False]), ("'1e3' castable as xs:double", [True]), ("'٣' castable as xs:integer", [False]),
        ("xs:integer(' +7 ')", [7]), ("xs:integer(-2.7)", [-2]), ("xs:integer(1e2)", [100]), ("(1, 'a') instance of item()+", [True]),
        ("1 instance of xs:decimal", [True]), ("1.0 instance of xs:integer", [False]), (". instance of element()", [True]),
        ("() instance of xs:string?", [True]), ("round-half-to-even(2.5)", [Decimal(2)]), ("round-half-to-even(0.125, 2)", [Decimal("0.12")]),
        ("round(-2.5)", [Decimal(-2)]), ("compare('a', 'b')", [-1]), ("string(1e6)", ["1.0E6"]), ("string(1.5e0)", ["1.5"]), ("string(0.1e-6)", ["1.0E-7"]),
        ("string(1e0 div 0)", ["INF"]), ("string(100.10)", ["100.1"]), ("substring('12345', 0, 3)", ["12"]), ("substring('12345', 1.5, 2.6)", ["234"]),
        ("tokenize('a,b', ',')[last()]", ["b"]), ("('a','b','c')[2]", ["b"]), ("(10,20,30)[. > 15]", [20, 30]), ("number('x') = number('x')", [False]),
        ("sum(())", [0]), ("sum((), ())", []), ("string-join(('a','b'), '')", ["ab"]), ("translate('abcabc', 'ab', 'x')", ["xcxc"]),
        ("if ((1,2) = 2) then 'y' else 'n'", ["y"]), ("not((1,2) != (1,2))", [False]), ("max((1, 2.5, 2))", [Decimal("2.5")]),
    ],
)  # fmt: skip
def test_values(expr: str, expected: list[Any]) -> None:
    found = values(expr)
    assert found == expected
    assert [type(v) for v in found] == [type(v) for v in expected]


@pytest.mark.parametrize(
    "expr",
    [
        "1 mod 0", "1 idiv 0", "1.5 to 3", "'1' to 3", "xs:integer('1.0')", "xs:integer('')", "() cast as xs:integer", "('1','2') cast as xs:integer",
        "codepoints-to-string(0)", "codepoints-to-string(55296)", "matches('a', '(')", "tokenize('a', 'a?')", "one-or-more(())", "'a' treat as xs:integer",
        "upper-case(('a','b'))", "string-join((1, 2), '')", "xs:integer('9' * 2)", "xs:decimal(1e0 div 0)", "round('1')", "reverse(1)[. = 'a']",
        "1 to 100000000 = 7.5", "x/xs:date(.)",
    ],
)  # fmt: skip
def test_errors(expr: str) -> None:
    with pytest.raises(XPathError):
        values(expr, "<a><x>2024-02-30</x></a>")
        if expr.startswith("1 to"):
            truth(parse(expr, NS), Focus(None, frame=Frame()))


def test_a_number_of_absurd_length_is_an_error_of_the_rule_not_a_wait() -> None:
    with pytest.raises(XPathError):
        values(f"xs:integer('{'9' * 30_000}')")
    assert len(str(values(f"string(xs:integer('{'9' * 6_000}'))")[0])) == 6_000


def test_text_is_two_nodes_around_a_comment() -> None:
    assert values("count(x/text())", "<a><x>1<!-- c -->0</x></a>") == [2]
    assert values("string(x)", "<a><x>1<!-- c -->0</x></a>") == ["10"]
    with pytest.raises(XPathError):
        values("normalize-space(x/text())", "<a><x>1<!-- c -->0</x></a>")


def test_a_place_counts_within_each_parent_unless_in_brackets() -> None:
    xml = "<a><b><c>1</c><c>2</c></b><b><c>3</c></b></a>"
    assert values("b/c[1]/string(.)", xml) == ["1", "3"]
    assert values("(b/c)[1]/string(.)", xml) == ["1"]
    assert values("b/c[last()]/string(.)", xml) == ["2", "3"]
    assert values("count(//c[1])", xml) == [2]


def test_nodes_of_a_sequence_come_in_document_order_once_a_path_goes_on() -> None:
    xml = "<a><b><c>1</c></b><d><c>2</c></d></a>"
    assert values("(d, b)/c/string(.)", xml) == ["1", "2"]
    assert values("count((b, b)/c)", xml) == [1]


def _recursive() -> Statics:
    function = ast.Function("f:down", (("n", ast.SequenceType("xs:integer")),), ast.SequenceType("xs:integer"))
    statics = Statics({("{urn:f}down", 1): function})
    function.body = parse("if ($n = 0) then 0 else 1 + f:down($n - 1)", NS, frozenset({"n"}), statics)
    return statics


def test_functions_may_call_themselves_but_not_for_ever() -> None:
    assert values("f:down(20)", statics=_recursive()) == [20]
    document = from_lxml(etree.fromstring("<a/>"))
    with pytest.raises(XPathError):
        truth(parse(f"f:down({DEPTH_MAX * 100}) = 1", NS, statics=_recursive()), Focus(document.children[0], frame=Frame(document)))


def test_arguments_are_converted_as_declared() -> None:
    assert values("f:down(x)", "<a><x> 3 </x></a>", _recursive()) == [3]
    for argument in ("'3'", "3.0", "(1,2)", "()", "y"):
        with pytest.raises(XPathError):
            values(f"f:down({argument})", "<a><y>three</y></a>", _recursive())
