"""Which column is which term, told by its header in Arabic, English, German or French, and by the figures below it.

A header is never guessed from a likeness: it is known, or a person says what it is. Where one word has two meanings
(«الضريبة» is a rate or an amount, "Total" with or without VAT), the sample decides by arithmetic, or nobody does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cache

from wasl.formats.table._vocabulary import HEADERS, fold
from wasl.formats.table.grid import Cell, Grid, column_letter
from wasl.formats.table.mapping import Mapping
from wasl.formats.table.numbers import CellWrong, decimal_sign, parse
from wasl.formats.table.targets import all_targets, target
from wasl.invoice.codes import CURRENCIES

HEADER_ROWS_MAX = 30  # titles and addresses that stand above a table
SAMPLE_ROWS = 50
# Rates of VAT in use; a column of such figures alone, under a header that says "VAT", holds rates.
_RATES = frozenset(map(Decimal, [*range(28), "2.1", "2.5", "2.6", "3.8", "5.5", "7.7", "8.1", "9.5", "13.5"]))
_EXPLICIT = re.compile(r"\b(BT-[0-9]{1,3}(?:-[0-9])?(?:/[1-9])?|KSA-1[12])\b")
_PARTS = re.compile(r"[/|()\[\]\n\r:;،,]+|\s-\s")
_BY_SCRIPT = re.compile(r"[\u0600-\u06ff\s%٪]+|[^\u0600-\u06ff]+")
_UNITS_OF_MONEY = frozenset({"ريال", "درهم", "دينار", "جنيه", "euro", "sr", "ر س", "د ا", "net", "excl", "vat", "ht"})
_CENT = Decimal("0.02")  # a line rounded by another programme


def guess(columns: Sequence[str], sample: Sequence[Sequence[Cell]] = ()) -> Mapping:
    """The mapping of the columns that are recognised; the others are in it with "" (they are left out until a person says more)."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    candidates = {name: candidates_of(name) for name in columns}
    for name in sorted(columns, key=lambda each: len(candidates[each]) if candidates[each] else 99):
        free = [term for term in candidates[name] if term not in taken]
        if len(free) == 1 or (free and set(free) <= {"BT-153", "BT-154"}):
            found[name] = free[0]
            taken.add(free[0])
    figures = _Figures(columns, sample, found)
    for name in [*columns, *columns]:  # twice: a total before the tax is decided once the tax is
        free = [term for term in candidates[name] if term not in taken]
        if name not in found and free:
            term = figures.decide(name, free)
            if term is not None:
                found[name] = term
                figures.terms[term] = name
                taken.add(term)
    chosen = {name: found.get(name, "") for name in columns}
    if columns and all(_EXPLICIT.search(name) for name in columns):  # a table that `write` made: nothing in it is unclear
        return Mapping(columns=chosen, decimal=".", dates="ymd")
    return Mapping(columns=chosen, constants=_constants(taken, columns))


def candidates_of(header: str) -> list[str]:
    """The terms that a header can mean, best first."""
    explicit = _EXPLICIT.search(header)
    if explicit is not None and target(explicit[1]) is not None:
        return [explicit[1]]
    known = _index()
    for phrase in _phrases(header):
        if phrase in known:
            return known[phrase]
    return []


def find_header(grid: Grid) -> int | None:
    """Index of the row that names the columns: the one of the first rows with most headers known; None where no row has two."""
    best, best_count = None, 1
    for at, row in enumerate(grid.rows[:HEADER_ROWS_MAX]):
        known = {candidates[0] for cell in row if isinstance(cell, str) and len(cell) <= 100 and (candidates := candidates_of(cell))}
        if len(known) > best_count:
            best, best_count = at, len(known)
    return best


def names_of(header: Sequence[Cell]) -> list[str]:
    """A name for every column, each once: the header's text, numbered where repeated, the letter where empty."""
    names: list[str] = []
    counts: dict[str, int] = {}
    for at, cell in enumerate(header):
        name = " ".join(str(cell).split()) if cell is not None else ""
        name = name[:200] or f"({column_letter(at)})"
        counts[name] = counts.get(name, 0) + 1
        names.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    return names if len(set(names)) == len(names) else [f"({column_letter(at)}) {name}" for at, name in enumerate(names)]


@cache
def _index() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for goal in all_targets():
        for phrase in (*HEADERS.get(goal.base, "").split("|"), goal.label("ar"), goal.label("en")):
            key = fold(phrase)
            if key and goal.term not in found.setdefault(key, []):
                found[key].append(goal.term)
    found.pop("", None)
    return found


def _phrases(header: str) -> Iterable[str]:
    """The header whole, then its parts: between signs, by script, without the name of a currency."""
    yield fold(header)
    pieces = [*_PARTS.split(header), *_BY_SCRIPT.findall(header)]
    for piece in pieces:
        folded = fold(piece)
        if folded:
            yield folded
    words = [word for word in fold(header).split() if word.upper() not in CURRENCIES and word not in _UNITS_OF_MONEY]
    yield " ".join(words)


def _constants(taken: set[str], columns: Sequence[str]) -> dict[str, str]:
    """What a sheet seldom says, written into the mapping so that a person sees and changes it."""
    arabic = any("\u0600" <= letter <= "\u06ff" for name in columns for letter in name)
    found: dict[str, str] = {}
    if "BT-3" not in taken:
        found["BT-3"] = "380"
    if "BT-129" in taken and "BT-130" not in taken:
        found["BT-130"] = "C62"
    if taken & {"BT-136", "BT-138"} and not taken & {"BT-139", "BT-140"}:
        found["BT-139"] = "خصم" if arabic else "Discount"
    if taken & {"BT-92", "BT-94"} and not taken & {"BT-97", "BT-98"}:
        found["BT-97"] = "خصم" if arabic else "Discount"
    if taken & {"BT-99", "BT-101"} and not taken & {"BT-104", "BT-105"}:
        found["BT-104"] = "شحن" if arabic else "Shipping"
    return found


class _Figures:
    """The numbers of the sample, asked whether a meaning of a column agrees with the other columns."""

    def __init__(self, columns: Sequence[str], sample: Sequence[Sequence[Cell]], found: dict[str, str]) -> None:
        self.at = {name: at for at, name in enumerate(columns)}
        self.rows = sample[:SAMPLE_ROWS]
        self.terms = {term: name for name, term in found.items()}
        self.decimal = decimal_sign(cell for row in self.rows for cell in row if isinstance(cell, str) and len(cell) < 40)

    def decide(self, name: str, free: list[str]) -> str | None:
        values = [value for value in (self._number(name, row) for row in self.rows) if value is not None]
        if not values:
            return None
        tests: dict[str, Callable[[str], bool]] = {
            "BT-152": self._is_rate,
            "KSA-11": self._is_tax,
            "BT-131": self._is_net,
            "KSA-12": self._is_gross,
            "BT-112": self._is_total,
        }
        agreed = [term for term in free if term in tests and tests[term](name)]
        return agreed[0] if len(agreed) == 1 or (agreed and agreed[0] == "BT-152") else None

    def _number(self, name: str | None, row: Sequence[Cell]) -> Decimal | None:
        at = self.at.get(name or "", -1)
        cell = row[at] if 0 <= at < len(row) else None
        if isinstance(cell, Decimal):
            return cell
        try:
            return parse(cell, self.decimal).value if isinstance(cell, str) and cell else None
        except CellWrong:
            return None

    def _term(self, term: str, row: Sequence[Cell]) -> Decimal | None:
        return self._number(self.terms.get(term), row)

    def _net(self, row: Sequence[Cell]) -> Decimal | None:
        quantity, price = self._term("BT-129", row), self._term("BT-146", row)
        if quantity is None or price is None:
            return self._term("BT-131", row)
        discount = self._term("BT-136", row) or Decimal(0)
        percentage = self._term("BT-138", row) or Decimal(0)
        return quantity * price * (1 - percentage / 100) - discount

    def _agrees(self, name: str, wanted: Callable[[Sequence[Cell], Decimal], Decimal | None]) -> bool:
        """Whether at least two rows can be tried (one where there is one), and nine of ten agree."""
        tried = agreed = 0
        for row in self.rows:
            value = self._number(name, row)
            want = None if value is None else wanted(row, value)
            if value is not None and want is not None:
                tried += 1
                agreed += abs(value - want) <= _CENT
        return tried > 0 and agreed * 10 >= tried * 9

    def _signed(self, name: str) -> bool:
        """Whether any cell of the column carries a percent sign."""
        at = self.at[name]
        return any("%" in str(row[at]) or "٪" in str(row[at]) for row in self.rows if at < len(row))

    def _is_rate(self, name: str) -> bool:
        values = [value for row in self.rows if (value := self._number(name, row)) is not None]
        return self._signed(name) or (all(value in _RATES for value in values) and not self._is_tax(name))

    def _is_tax(self, name: str) -> bool:
        def wanted(row: Sequence[Cell], value: Decimal) -> Decimal | None:
            net, rate = self._net(row), self._term("BT-152", row)
            if net is None or not net:
                return None
            if rate is not None:
                return net * rate / 100
            nearest = min(_RATES, key=lambda each: abs(net * each / 100 - value))
            return net * nearest / 100

        return self._agrees(name, wanted)

    def _is_net(self, name: str) -> bool:
        return self._agrees(name, lambda row, _: self._net(row) if "BT-146" in self.terms and "BT-129" in self.terms else None)

    def _is_gross(self, name: str) -> bool:
        def wanted(row: Sequence[Cell], _: Decimal) -> Decimal | None:
            net, rate, tax = self._net(row), self._term("BT-152", row), self._term("KSA-11", row)
            if net is None or (rate is None and tax is None):
                return None
            return net + (tax if tax is not None else net * (rate or Decimal(0)) / 100)

        return self._agrees(name, wanted) and not self._is_net(name)

    def _is_total(self, name: str) -> bool:
        """One figure for all rows of an invoice that has several."""
        seen: dict[object, set[Decimal]] = {}
        rows = 0
        number = self.at.get(self.terms.get("BT-1", ""), -1)
        for row in self.rows:
            value = self._number(name, row)
            if value is not None and 0 <= number < len(row):
                seen.setdefault(row[number], set()).add(value)
                rows += 1
        return 0 < len(seen) < rows and all(len(each) == 1 for each in seen.values())
