"""Nothing outside `wasl.regimes` compares with, or branches on, a country: laws live in their folders.

Data tables (names of countries, months by country, currencies) and samples are exempt: a table is data, not a branch.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import wasl
from wasl.regimes import REGIMES

SOURCE = Path(wasl.__file__).parent
# Codes of countries that mean something else here, unless they are compared with a country: VAT categories and rule families
# (AE, AF, AG, IC), operators of PDF text (BT, TD, TJ, TL, TM), the name of an element and of a PDF operator (ID).
NOT_COUNTRIES = {"AE", "AF", "AG", "IC", "BT", "TD", "TJ", "TL", "TM", "ID"}
EXEMPT = ("regimes/", "locale/", "standins/", "demo/")


def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2."""
    import babel

    territories = babel.Locale("en").territories
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha()) - NOT_COUNTRIES - {"EU", "UN", "EZ", "ZZ"}


def offences(source: str, known: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Lines with a comparison, a match case or an inline look-up by a country or by a law's folder."""
    codes = known | set(REGIMES)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            literals = {text for side in sides for text in _strings(side)}
            about_country = any("country" in name.lower() for side in sides for name in _names(side))
            if literals & codes or (about_country and any(len(text) == 2 for text in literals)):
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.MatchValue) and _strings(node.value) & codes:
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Dict) and _keys(node.value) & codes:
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Call) and _is_look_up(node, codes):
            yield node.lineno, ast.unparse(node)


def _is_look_up(call: ast.Call, codes: frozenset[str] | set[str]) -> bool:
    """`{"SA": ...}.get(x)` or `country.startswith("SA")`."""
    if not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr == "get" and isinstance(call.func.value, ast.Dict):
        return bool(_keys(call.func.value) & codes)
    about = any("country" in name.lower() for name in _names(call.func.value))
    return call.func.attr in ("startswith", "endswith") and about and any(_strings(a) for a in call.args)


def _strings(node: ast.AST) -> set[str]:
    elements = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return {e.value for e in elements if isinstance(e, ast.Constant) and isinstance(e.value, str)}


def _keys(node: ast.Dict) -> set[str]:
    return {key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def _names(node: ast.AST) -> list[str]:
    return [getattr(n, "id", None) or getattr(n, "attr", "") for n in ast.walk(node) if isinstance(n, ast.Name | ast.Attribute)]


def files() -> list[Path]:
    return [p for p in sorted(SOURCE.rglob("*.py")) if not p.relative_to(SOURCE).as_posix().startswith(EXEMPT)]


@pytest.mark.parametrize("path", files(), ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_no_branch_on_a_country(path: Path) -> None:
    found = list(offences(path.read_text(encoding="utf-8"), countries()))
    assert found == [], "a law belongs into wasl/regimes/<code>; ask regime_of(country) instead"


@pytest.mark.parametrize(
    "source",
    [
        'if country == "SA": pass',
        'if invoice.seller.address.country in ("SA", "JO"): pass',
        'if profile != "sa": pass',
        'match code:\n    case "JO":\n        pass',
        'places = {"JO": 3, "SA": 2}[country]',
        'places = {"JO": 3}.get(country)',
        'if country.startswith("S"): pass',
        'if "KW" == x: pass',
        'if country_code == "AE": pass',
    ],
)
def test_the_lint_catches(source: str) -> None:
    assert list(offences(source, countries()))


@pytest.mark.parametrize("source", ['MONTHS = {"SA": "gulf"}', 'if lang == "ar": pass', 'if category == "AE": pass', "if country is None: pass"])
def test_the_lint_lets_pass(source: str) -> None:
    assert list(offences(source, countries())) == []
