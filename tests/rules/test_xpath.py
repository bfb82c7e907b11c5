"""The parser and the reference interpreter: every trap of XPath that the official rules touch."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from wasl.rules.errors import Unsupported, XPathError
from wasl.rules.tree import Node, from_lxml
from wasl.rules.xpath import ast
from wasl.rules.xpath.interpret import Focus, Frame, evaluate, truth
from wasl.rules.xpath.parser import parse
from wasl.rules.xpath.pattern import matches, split_pattern

NS = {"xs": "http://www.w3.org/2001/XMLSchema", "p": "urn:p"}


def node(xml: str) -> Node:
    return from_lxml(etree.fromstring(xml)).children[0]


def holds(test: str, xml: str = "<a/>") -> bool:
    return truth(parse(test, NS), Focus(node(xml)))


def value(test: str, xml: str = "<a/>") -> list[Any]:
    return list(evaluate(parse(test, NS), Focus(node(xml))))


@pytest.mark.parametrize(
    ("test", "xml", "expected"),
    [
        ("b = true()", "<a><b>1</b></a>", True),
        ("b = true()", "<a><b> true </b></a>", True),
        ("b = true()", "<a><b>false</b><b>1</b></a>", True),
        ("b != c", "<a><b>1</b></a>", False),  # existential, and false on nothing
        ("b != c", "<a><b>1</b><c>1</c><c>2</c></a>", True),
        ("() = b", "<a><b>x</b></a>", False),
        ("c[@id = d]", "<a><d>1</d><c id='1'/></a>", False),  # d is looked for below c
        ("false", "<a><false/></a>", True),  # a child of that name
        ("false", "<a/>", False),
        ("b/c/ancestor::b/d", "<a><b><d/><c/></b></a>", True),
        ("not(normalize-space())", "<a> \t </a>", True),
        ("(b) > 0", "<a><b>1e-3</b></a>", True),
        ("(b) >= 0", "<a><b>NaN</b></a>", False),
        ("contains(b, '')", "<a/>", True),
        ("sum(b) = 0", "<a/>", True),
        ("count(b[not(preceding::b/. = .)]) = 2", "<a><b>1</b><b>2</b><b>1</b></a>", True),
        ("every $x in b satisfies $x = '1'", "<a><b>1</b><b>1</b></a>", True),
        ("some $x in b, $y in c satisfies $x = $y", "<a><b>1</b><c>2</c><c>1</c></a>", True),
        ("b[2] = '2'", "<a><b>1</b><b>2</b></a>", True),
        ("b[last()] = '3'", "<a><b>1</b><b>2</b><b>3</b></a>", True),
        ("(b | c)[1] = '1'", "<a><c>1</c><b>2</b></a>", True),
        ("if (b) then false() else true()", "<a/>", True),
        ("b castable as xs:decimal", "<a><b>1e3</b></a>", False),
        ("//b/@id = '7'", "<a><c><b id='7'/></c></a>", True),
        ("* * 2 = 4", "<a><b>2</b></a>", True),
        ("b div 2 = 1", "<a><b>2</b></a>", True),
        ("-2.5 = round(-2.5) - 0.5", "<a/>", True),
        ("(: a (: nested :) comment :) true()", "<a/>", True),
    ],
)
def test_what_holds(test: str, xml: str, expected: bool) -> None:
    assert holds(test, xml) is expected


@pytest.mark.parametrize(
    ("test", "xml", "code"),
    [
        ("b = true()", "<a><b>TRUE</b></a>", "FORG0001"),
        ("(b) > 0", "<a><b></b></a>", "FORG0001"),
        ("normalize-space(b) = ''", "<a><b/><b/></a>", "XPTY0004"),
        ("upper-case(b) = ''", "<a><b/><b/></a>", "XPTY0004"),
        ("xs:decimal(b) = 1", "<a><b>1</b><b>1</b></a>", "XPTY0004"),
        ("string-length(1) = 1", "<a/>", "XPTY0004"),
        ("('a', 'b')", "<a/>", "FORG0006"),
    ],
)
def test_what_cannot_be_evaluated(test: str, xml: str, code: str) -> None:
    with pytest.raises(XPathError) as error:
        holds(test, xml)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("xs:decimal('x') = 1 or true()", True),
        ("true() or xs:decimal('x') = 1", True),
        ("xs:decimal('x') = 1 and false()", False),
        ("exists(b[true()] | b) or xs:decimal('x') = 1", True),
        ("c = xs:decimal('x')", False),  # nothing on the left: the right is never looked at
        ("b = 1", True),  # stops at the first hit
        ("exists(b[. = 1])", True),
    ],
)
def test_an_error_that_does_not_matter(test: str, expected: bool) -> None:
    assert holds(test, "<a><b>1</b><b>x</b></a>") is expected


def test_an_error_that_matters_although_the_other_side_is_known() -> None:
    with pytest.raises(XPathError):
        holds("xs:decimal('x') = 1 or false()")
    with pytest.raises(XPathError):
        holds("xs:decimal('x') = 1 and true()")


def test_a_comment_splits_text_but_not_the_string_value() -> None:
    assert value("string(b)", "<a><b>100<!-- -->0</b></a>") == ["1000"]
    assert len(value("b/text()", "<a><b>100<!-- -->0</b></a>")) == 2


def test_an_error_in_a_match_predicate_means_no_match() -> None:
    pattern = split_pattern("b[c = false()]", NS)[0]
    assert not matches(pattern, node("<a><b><c>abc</c></b></a>").children[0], Frame())
    assert matches(pattern, node("<a><b><c>0</c></b></a>").children[0], Frame())


def test_patterns_read_upwards() -> None:
    inner = node("<a><p><b/></p></a>").children[0].children[0]
    assert matches(split_pattern("a//b", NS)[0], inner, Frame())
    assert matches(split_pattern("/a/p/b", NS)[0], inner, Frame())
    assert not matches(split_pattern("a/b", NS)[0], inner, Frame())
    assert not matches(split_pattern("/b", NS)[0], inner, Frame())


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("doc('x.xml')", "doc()"),
        ("document('x.xml')", "document()"),
        ("current-date() = b", "current-date()"),
        ("u:gln(b)", "u:"),
        ("$rate = 1", "$rate"),
        ("b instance of xs:duration", "xs:duration"),
        ("b instance of element(c)", "element()"),
        ("namespace::x", "namespace"),
        ("count(a, b)", "count() with 2"),
        ("x:b", "x:"),
        ("b ~ c", "'~'"),
        ("true() (: open", "comment"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(source: str, named: str) -> None:
    with pytest.raises(Unsupported) as error:
        parse(source, NS)
    assert named in error.value.message("en")
    assert source in error.value.message("en")


def test_words_are_operators_only_after_an_operand() -> None:
    assert parse("and or div", NS) == ast.Logic("or", (_child("and"), _child("div")))
    assert parse("* * *", NS) == ast.Arith("*", ast.Step("child", ast.NodeTest("name")), ast.Step("child", ast.NodeTest("name")))


def _child(name: str) -> ast.Step:
    return ast.Step("child", ast.NodeTest("name", "", name))
