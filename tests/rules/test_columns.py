"""The fast tree against the reference tree: the same elements, texts and attributes for every shape of document."""

from __future__ import annotations

import random
from typing import Any

import mutants
import pytest
from traps import traps

from wasl.formats.xml import guard, parse
from wasl.rules.columns import TRANSITIONS_MAX, Builder, Document, Irregular
from wasl.rules.tree import ATTRIBUTE, ELEMENT, Node, from_lxml

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
PREFIXES = {f"{UBL}Invoice-2": "ubl", f"{UBL}CommonAggregateComponents-2": "cac", f"{UBL}CommonBasicComponents-2": "cbc", "urn:x": "x"}
ALL = frozenset({"*"})


def builder() -> Builder:
    return Builder(PREFIXES, frozenset(), frozenset({"ubl:Invoice"}), ALL)


def fast(document: Document) -> list[tuple[Any, ...]]:
    """(path with places, text of a leaf, attributes) of every element."""
    found: list[tuple[Any, ...]] = []

    def visit(container: Any, path: str) -> None:
        for key, column in container.items():
            if key[0] in ".@":
                continue
            for place, child in enumerate(column, 1):
                here = f"{path}/{key}[{place}]"
                if isinstance(child, dict):
                    found.append((here, None, tuple(sorted(child.get("@", {}).items()))))
                    visit(child, here)
                else:
                    found.append((here, str(child), tuple(sorted(getattr(child, "a", {}).items()))))

    visit(document.doc, "")
    return sorted(found, key=repr)


def slow(data: bytes) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []

    def key(node: Node) -> str:
        if not node.uri:
            return node.local
        return f"{PREFIXES[node.uri]}:{node.local}" if node.uri in PREFIXES else f"{{{node.uri}}}{node.local}"

    def visit(node: Node, path: str) -> None:
        places: dict[str, int] = {}
        for child in node.children:
            if child.kind != ELEMENT:
                continue
            places[key(child)] = places.get(key(child), 0) + 1
            here = f"{path}/{key(child)}[{places[key(child)]}]"
            group = any(grandchild.kind == ELEMENT for grandchild in child.children) or key(child) == "ubl:Invoice"
            attributes = tuple(sorted((key(a), a.value) for a in child.attributes if a.kind == ATTRIBUTE))
            found.append((here, None if group else child.string(), attributes))
            visit(child, here)

    visit(from_lxml(parse(data)), "")
    return sorted(found, key=repr)


DOCUMENTS = [mutant for mutant in (*mutants.seeds(), *traps()) if b"<Invoice" in mutant[1] or b"<\x00I" in mutant[1]]


@pytest.mark.parametrize(("name", "data"), DOCUMENTS, ids=[name for name, _ in DOCUMENTS])
def test_seeds_and_traps_read_alike(name: str, data: bytes) -> None:
    assert fast(builder().build(guard(data))) == slow(data)


def random_document(rng: random.Random) -> bytes:
    """Nested elements with every kind of markup that may stand between and inside them."""
    names = ["cac:A", "cac:B", "cbc:C", "cbc:D", "x:E", "cac:A"]
    texts = ["", "1", " ", "a &amp; b", "<![CDATA[<c> & > ]] ]]>", "x<!-- > & < -->y", "&#65;&#x42;", "é ش", "a > b", "\n", "<?p i > ?>z"]
    extra = ["", ' a="1"', " b='2 > 1'", ' c="&lt;&amp;&quot;"', ' a="1"\n  b = "x\ty"', ' x:a="1"', ' xmlns:q="urn:q" q:z="3"']

    def element(depth: int) -> str:
        name, attributes = rng.choice(names), rng.choice(extra)
        if rng.random() < 0.15:
            return f"<{name}{attributes}/>"
        if depth > 5 or rng.random() < 0.5:
            return f"<{name}{attributes}>{rng.choice(texts)}</{name}>"
        inner = "".join(rng.choice(["", "\n  ", "<!-- c -->", "text"]) + element(depth + 1) for _ in range(rng.randint(1, 4)))
        return f"<{name}{attributes} >{inner}\n</{name} >"

    body = "".join(element(1) for _ in range(rng.randint(0, 6)))
    root = f'<Invoice xmlns="{UBL}Invoice-2" xmlns:cac="{UBL}CommonAggregateComponents-2" xmlns:cbc="{UBL}CommonBasicComponents-2" xmlns:x="urn:x">'
    return f'<?xml version="1.0"?>{rng.choice(["", "<!-- > -->"])}{root}{body}</Invoice>\n'.encode()


def test_random_documents_read_alike_on_one_shared_guide() -> None:
    rng = random.Random(31)
    shared = builder()
    different = []
    for _ in range(1500):
        data = random_document(rng)
        if fast(shared.build(guard(data))) != slow(data):
            different.append(data)
    assert different == []


def test_the_guide_is_thrown_away_when_it_grows_too_large() -> None:
    shared = builder()
    for number in range(TRANSITIONS_MAX // 3 + 10):
        shared.build(f'<Invoice xmlns="{UBL}Invoice-2"><a n="{number}">x</a><b>y</b></Invoice>'.encode())
    assert shared.learned <= TRANSITIONS_MAX + 1


def test_a_leaf_that_rules_read_may_not_have_children() -> None:
    strict = Builder(PREFIXES, frozenset({"cbc:C"}), frozenset({"ubl:Invoice"}), frozenset())
    with pytest.raises(Irregular):
        strict.build(f'<Invoice xmlns="{UBL}Invoice-2" xmlns:cbc="{UBL}CommonBasicComponents-2"><cbc:C>1<d/></cbc:C></Invoice>'.encode())


@pytest.mark.parametrize("body", ["<y:A/>", "<a y:b='1'/>", "<a xmlns:q='urn:1' xmlns:r='urn:1' q:b='1' r:b='2'/>"])
def test_namespace_errors_are_left_to_the_real_parser(body: str) -> None:
    with pytest.raises(Irregular):
        builder().build(f'<Invoice xmlns="{UBL}Invoice-2">{body}</Invoice>'.encode())


def test_depth_and_attributes_are_bounded_as_in_the_hardened_parser() -> None:
    deep = "<a>" * 120 + "</a>" * 120
    wide = "<a " + " ".join(f'a{n}="1"' for n in range(65)) + "/>"
    for body in (deep, wide):
        with pytest.raises(Irregular):
            builder().build(f'<Invoice xmlns="{UBL}Invoice-2">{body}</Invoice>'.encode())
