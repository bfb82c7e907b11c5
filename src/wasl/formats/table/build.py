"""The rows of one invoice to one invoice of the model, totalled, and compared with the totals that the table gives."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from msgspec.structs import replace

from wasl.errors import Words
from wasl.formats.result import Loss, ReadResult
from wasl.formats.table import sentences
from wasl.formats.table._vocabulary import SUM_WORDS, fold
from wasl.formats.table.cells import Category, Converter, Timed, Value, as_text
from wasl.formats.table.compare import Given, compared
from wasl.formats.table.errors import Problem, TableTooLarge
from wasl.formats.table.grid import Cell, shown
from wasl.formats.table.numbers import CellWrong, Number
from wasl.formats.table.targets import Target, fields, lists
from wasl.invoice.model import Identifier, Invoice, Line, TaxSubtotal, Term
from wasl.invoice.totals import WITHOUT_RATE, ZERO_RATED, rate_key, totals

PROBLEMS_MAX = 500  # more than a person mends before trying again

Tree = dict[Any, Any]  # field -> value, tree, or {place in list: tree}
Column = tuple[int, str, Target]


class FromTable(ReadResult, frozen=True, kw_only=True):
    """An invoice with the numbers of its rows in the table."""

    rows: tuple[int, ...] = ()


class Builder:
    """Takes one invoice after the other; what is wrong is collected, an invoice with anything wrong is not kept."""

    def __init__(self, columns: Sequence[Column], constants: dict[Target, str], converters: dict[Target, Converter]) -> None:
        self.header = [column for column in columns if not column[2].on_line]
        self.lines = [column for column in columns if column[2].on_line]
        self.naming = [place for place, _, goal in self.lines if goal.base in ("BT-153", "BT-146")]
        self.converters = converters
        self.names = {goal.base: name for _, name, goal in columns}
        self.invoices: list[FromTable] = []
        self.problems: list[Problem] = []
        self.refused = 0
        self.header_constants: dict[Target, Value] = {}
        self.line_constants: dict[Target, Value] = {}
        self._losses: list[Loss] = []
        self._currencies: dict[str, tuple[int, str, Cell]] = {}
        for goal, text in constants.items():
            self._constant(goal, text)

    def _constant(self, goal: Target, text: str) -> None:
        try:
            value = self.converters[goal](text)
            (self.line_constants if goal.on_line else self.header_constants)[goal] = value.value if isinstance(value, Number) else value
        except CellWrong as wrong:
            self._problem(-1, goal.term, text, wrong.words, goal.base)

    # --- what the plan asks while it groups rows -------------------------------------------------------------------

    def number_of(self, cell: Cell, at: int) -> str | None:
        column = next(each for each in self.header if each[2].term == "BT-1")
        value = self._value(column, cell, at)
        return None if value is None else str(value).strip()

    def without_number(self, at: int) -> None:
        self._problem(at, self.names["BT-1"], None, sentences.NO_NUMBER, "BT-1")

    def is_sum(self, row: Sequence[Cell]) -> bool:
        """A row that sums up the table: it begins with «المجموع», and names no item."""
        first = next((cell for cell in row if cell is not None), None)
        for place in self.naming:
            if place < len(row) and row[place] is not None and row[place] is not first:
                return False
        return isinstance(first, str) and len(first) <= 30 and fold(first) in SUM_WORDS

    # --- one invoice -----------------------------------------------------------------------------------------------

    def add(self, number: str | None, indices: Sequence[int], rows: Sequence[Sequence[Cell]]) -> None:
        """Build the invoice of these rows (indices from 0), or say what is wrong with them."""
        before = len(self.problems)
        self._losses, self._currencies = [], {}
        tree, given = self._head(number, indices, rows)
        lines: list[Line] = []
        row_of: list[int] = []
        reasons: dict[tuple[str, Decimal | None], dict[str, str]] = {}
        for at in indices:
            line = self._line(rows[at], at, len(lines) + 1, given, reasons)
            if line is not None:
                lines.append(line)
                row_of.append(at)
        self._currency(tree, indices[0])
        if len(self.problems) > before:
            self.refused += 1
            return
        breakdown = tuple(
            TaxSubtotal(
                category=category,
                rate=rate,
                exemption_reason=texts.get("exemption_reason"),
                exemption_reason_code=texts.get("exemption_reason_code"),
            )
            for (category, rate), texts in reasons.items()
        )
        self._taxed(tree, lines)
        invoice: Invoice = replace(_made(Invoice, tree), lines=tuple(lines), tax_breakdown=breakdown)
        invoice = totals(invoice)
        for at, column, cell, words, term in compared(invoice, given, row_of):
            self._problem(at, column, cell, words, term, total=True)
        if len(self.problems) > before:
            self.refused += 1
            return
        shown_rows = tuple(at + 1 for at in indices)
        self.invoices.append(FromTable(invoice=invoice, losses=tuple(self._losses), syntax="table", rows=shown_rows))

    def _head(self, number: str | None, indices: Sequence[int], rows: Sequence[Sequence[Cell]]) -> tuple[Tree, list[Given]]:
        tree: Tree = {}
        given: list[Given] = []
        for column in self.header:
            place, name, goal = column
            first: Cell = None
            first_at = -1
            for at in indices:
                row = rows[at]
                cell = row[place] if place < len(row) else None
                if cell is None or cell == first:
                    continue
                if first is not None and goal.term != "BT-1":
                    self._differs(at, name, cell, first, first_at, goal)
                    break
                first, first_at = cell, at
            if first is None or goal.term == "BT-1":
                continue
            value = self._value(column, first, first_at)
            if value is None:
                continue
            if goal.computed:
                given.append(Given(first_at, name, goal.base, cast(Decimal, value), None))
            else:
                _put(tree, goal, value)
        if number is not None:
            tree["number"] = number
        _drop_nothing(tree)
        _fill(tree, self.header_constants)
        return tree, given

    def _line(
        self, row: Sequence[Cell], at: int, number: int, given: list[Given], reasons: dict[tuple[str, Decimal | None], dict[str, str]]
    ) -> Line | None:
        """The line of one row; None for a row that only says things about the invoice."""
        tree: Tree = {}
        texts: dict[str, str] = {}
        before = len(self.problems)
        width = len(row)
        empty = True
        for column in self.lines:
            place = column[0]
            cell = row[place] if place < width else None
            if cell is None:
                continue
            empty = False
            goal = column[2]
            value = self._value(column, cell, at)
            if value is None:
                continue
            if goal.computed:
                given.append(Given(at, column[1], goal.base, cast(Decimal, value), number - 1))
                if goal.base == "BT-131":
                    tree["net_amount"] = value
            elif goal.base in ("BT-120", "BT-121"):
                texts[goal.steps[0].name] = str(value)
            else:
                _put(tree, goal, value)
        if empty:
            return None
        if len(self.problems) > before:
            return Line()  # what is wrong is said; what would follow from it is not
        self._tax(tree, at)
        _drop_nothing(tree)
        _fill(tree, {goal: value for goal, value in self.line_constants.items() if goal.base not in ("BT-151", "BT-120", "BT-121")})
        self._priced(tree, at)
        tree.setdefault("identifier", str(number))
        if "tax_category" in tree:
            self._reason(tree, texts, reasons, at)
        return _made(Line, tree)

    def _tax(self, tree: Tree, at: int) -> None:
        """Category and rate of a line: a rate above 0 is the standard rate; 0 needs somebody to say why."""
        rate = tree.get("tax_rate")
        constants = {goal.base: value for goal, value in self.line_constants.items()}
        if isinstance(rate, Category):
            tree.setdefault("tax_category", str(rate))
            rate = None
            del tree["tax_rate"]
        if rate is None and "tax_category" not in tree and (default := constants.get("BT-152")) is not None:
            if isinstance(default, Category):
                tree["tax_category"] = str(default)
            else:
                rate = tree["tax_rate"] = default
        if "tax_category" not in tree:
            default = constants.get("BT-151")
            if isinstance(rate, Decimal) and rate > 0 and (default is None or default in ZERO_RATED or default == WITHOUT_RATE):
                tree["tax_category"] = "S"
            elif default is not None:
                tree["tax_category"] = default
            elif rate is None:
                self._problem(at, self.names.get("BT-152", ""), None, sentences.EMPTY_RATE, "BT-152")
                return
            else:
                self._problem(at, self.names.get("BT-152", ""), None, sentences.ZERO_RATE, "BT-151")
                return
        category = tree["tax_category"]
        if category in ZERO_RATED and rate is None:
            tree["tax_rate"] = Decimal(0)
        elif category == WITHOUT_RATE:
            if rate:
                self._problem(at, self.names.get("BT-152", ""), None, sentences.RATE_OUTSIDE, "BT-152")
            tree.pop("tax_rate", None)
        elif rate is None:
            self._problem(at, self.names.get("BT-152", ""), None, sentences.EMPTY_RATE, "BT-152")

    def _priced(self, tree: Tree, at: int) -> None:
        """A line needs a quantity and a price, or its net amount."""
        price = tree.get("price", {})
        if "net_amount" not in tree and ("quantity" not in tree or not ("net" in price or "gross" in price)):
            term = "BT-129" if "quantity" not in tree else "BT-146"
            self._problem(at, self.names.get(term, ""), None, sentences.EMPTY_AMOUNT, term)

    def _reason(self, tree: Tree, texts: dict[str, str], reasons: dict[tuple[str, Decimal | None], dict[str, str]], at: int) -> None:
        """BT-120 and BT-121 belong to the category and rate, not to the line: all its lines must say the same."""
        category = tree["tax_category"]
        if category not in ZERO_RATED and category != WITHOUT_RATE:
            return
        for goal, value in self.line_constants.items():
            if goal.base in ("BT-120", "BT-121") and category != "Z":
                texts.setdefault(goal.steps[0].name, str(value))
        known = reasons.setdefault(rate_key(category, tree.get("tax_rate")), {})
        for name, value in texts.items():
            if known.setdefault(name, value) != value:
                term = "BT-120" if name == "exemption_reason" else "BT-121"
                self._problem(at, self.names.get(term, ""), value, sentences.TWO_REASONS, term)
        if not known:
            del reasons[rate_key(category, tree.get("tax_rate"))]

    def _taxed(self, tree: Tree, lines: Sequence[Line]) -> None:
        """An allowance or charge on the document has the category and rate of the lines, where these have one."""
        keys = {(line.tax_category, line.tax_rate) for line in lines}
        for name in ("allowances", "charges"):
            if name not in tree:
                continue
            for each in tree[name].values():
                if "tax_category" not in each and len(keys) == 1:
                    each["tax_category"], each["tax_rate"] = next(iter(keys))

    def _currency(self, tree: Tree, at: int) -> None:
        """BT-5: its own column, a constant, or the one currency that stands beside the amounts."""
        chosen = tree.get("currency") or next(iter(self._currencies), None)
        if chosen is None:
            self._problem(at, self.names.get("BT-5", ""), None, sentences.NO_CURRENCY, "BT-5")
            return
        tree["currency"] = chosen
        for code, (row, name, cell) in self._currencies.items():
            if code != chosen:
                words = Words(
                    f"the amount is in {code}, the invoice in {chosen}. Fix: make an invoice for each currency.",
                    f"المبلغ بعملة {code} والفاتورة بعملة {chosen}. الحل: اجعل لكل عملة فاتورة.",
                )
                self._problem(row, name, cell, words, "BT-5")

    # --- cells -----------------------------------------------------------------------------------------------------

    def _value(self, column: Column, cell: Cell, at: int) -> Value | None:
        try:
            value = self.converters[column[2]](cell)
        except CellWrong as wrong:
            self._problem(at, column[1], cell, wrong.words, column[2].base)
            return None
        if isinstance(value, Number):
            if value.currency is not None:
                self._currencies.setdefault(value.currency, (at, column[1], cell))
            return value.value
        if isinstance(value, Timed):
            self._losses.append(
                Loss(
                    xpath=f"row {at + 1}, column “{column[1]}”",
                    value=shown(as_text(cell)),
                    en="the time of day is not part of an invoice's date",
                    ar="تاريخ الفاتورة لا يحمل وقتًا",
                )
            )
            return value.replace()
        return value

    def _differs(self, at: int, name: str, cell: Cell, first: Cell, first_at: int, goal: Target) -> None:
        here, there = shown(as_text(cell)), shown(as_text(first))
        self._problem(
            at,
            name,
            cell,
            Words(
                f"“{here}” differs from “{there}” in row {first_at + 1} of the same invoice. Fix: make them equal, or give it another number.",
                f"«{here}» تخالف «{there}» في الصف {first_at + 1} من الفاتورة نفسها. الحل: وحّدهما، أو أعطِ الصف رقم فاتورة آخر.",
            ),
            goal.base,
        )

    def _problem(self, at: int, column: str, cell: Cell, words: Words, term: str, *, total: bool = False) -> None:
        if len(self.problems) >= PROBLEMS_MAX:
            raise TooManyProblems(first=Words(self.problems[0].message("en"), self.problems[0].message("ar")), limit=PROBLEMS_MAX)
        self.problems.append(
            Problem(
                row=at + 1,
                column=column,
                value="" if cell is None else shown(as_text(cell)),
                en=str(words),
                ar=words.ar,
                term=term,
                kind="total" if total else "cell",
            )
        )


class TooManyProblems(TableTooLarge):
    code = "WASL-TABLE-09"
    en = "{first} There are more than {limit} problems: probably a column is mapped wrongly. Fix: check it with `wasl sheet columns FILE`."
    ar = "{first} المشكلات أكثر من {limit}، والأرجح أن عمودًا رُبط بغير بنده. الحل: راجع الربط بالأمر `wasl sheet columns FILE`."


def _put(tree: Tree, goal: Target, value: Value) -> None:
    *above, last = goal.steps
    for step in above:
        tree = tree.setdefault(step.name, {})
        if step.at is not None:
            tree = tree.setdefault(step.at, {})
    tree[last.name] = value


def _drop_nothing(tree: Tree) -> None:
    """A discount column holds 0 in most rows; that is no discount, unless the row gives a reason for it."""
    for name in ("allowances", "charges"):
        if name in tree:
            tree[name] = {
                place: each
                for place, each in tree[name].items()
                if any(each.get(field) for field in ("amount", "percentage", "reason", "reason_code"))
            }


def _fill(tree: Tree, constants: dict[Target, Value]) -> None:
    """Constants where no cell spoke; one that only describes a group (a discount's reason, an identifier's scheme) where the group is there."""
    for goal, value in constants.items():
        *above, last = goal.steps
        describes = last.name in ("scheme", "scheme_version") or goal.steps[0].name in ("allowances", "charges")
        here = tree
        for key in (each for step in above for each in ((step.name,) if step.at is None else (step.name, step.at))):
            if describes and key not in here:
                break
            here = here.setdefault(key, {})
        else:
            if goal.steps:
                here.setdefault(last.name, value)


def _made(kind: type[Any], tree: Tree) -> Any:
    """The group of the model that a tree describes."""
    types, many = fields(kind), lists(kind)
    found: dict[str, Any] = {}
    for name, each in tree.items():
        inner = types[name]
        if name in many:
            found[name] = tuple(made for place in sorted(each) if (made := _made(inner, each[place])) is not None)
        elif issubclass(inner, Term):
            made = _made(inner, each)
            if made is not None:
                found[name] = made
        else:
            found[name] = each
    return None if kind is Identifier and "value" not in found else kind(**found)
