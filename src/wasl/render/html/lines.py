"""The lines as a table that becomes cards on a narrow screen, every fact of a line with its business term."""

from __future__ import annotations

from typing import Any

from wasl.invoice.model import Invoice, Item, Line, Price

from ..view.desk import Desk
from ..view.lines import Fact, line_changes, line_facts, price_facts
from .markup import attribute, code, label, terms, value

_COLUMNS = (
    ("no", "no", "BT-126"),
    ("description", "name", "BT-153"),
    ("quantity", "quantity", "BT-129 BT-130"),
    ("price", "price", "BT-146 BT-149"),
    ("changes", "discount", "BT-136 BT-141"),
    ("tax", "tax", "BT-151 BT-152"),
    ("amount", "amount", "BT-131"),
)
STRONG = ' class="strong"'
_FIGURES = frozenset({"price", "discount", "amount"})


def lines_table(invoice: Invoice, view: dict[str, Any], desk: Desk) -> str:
    """The table of all lines; empty where there are none."""
    if not invoice.lines:
        return ""
    shown = [each for each in _COLUMNS if each[1] != "discount" or view["columns"]["discounts"]]
    heads = {key: view["columns"]["discount_label"] if name == "discount" else desk.label(key) for key, name, _ in shown}
    head = "".join(
        f'<th scope="col" role="columnheader" class="c-{name}">{label(heads[key])}{terms(ids, desk.language)}</th>' for key, name, ids in shown
    )
    marks = {name: f' data-l="{attribute(heads[key][0])}" data-bt="{ids}"' for key, name, ids in shown}
    body = "".join(_row(line, row, [name for _, name, _ in shown], marks, desk) for line, row in zip(invoice.lines, view["lines"], strict=True))
    return f'<table role="table"><thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'


def _row(line: Line, row: dict[str, Any], names: list[str], marks: dict[str, str], desk: Desk) -> str:
    cells = {
        "no": code(row["no"]),
        "name": f'<b class="name">{value(row["name"])}</b>{_more(line, row["at"], desk)}',
        "quantity": f"<span>{code(row['quantity'])} {value(row['unit'])}</span>",
        "price": code(row["price"]),
        "discount": code(row.get("discount")),
        "tax": value(row["tax"]),
        "amount": f"<b>{code(row['amount'])}</b>",
    }
    drawn = "".join(f'<td role="cell" class="c-{name}{" f" if name in _FIGURES else ""}"{marks[name]}>{cells[name]}</td>' for name in names)
    return f'<tr role="row">{drawn}</tr>'


def _more(line: Line, at: int, desk: Desk) -> str:
    """What stands below the name: description, facts, price, discounts, note."""
    item = line.item or Item()
    parts = [_text(item.description, "BT-154", desk)] if item.description else []
    facts = line_facts(at, line, item, desk)
    if line.period and (line.period.start or line.period.end):
        span = desk.span(line.period.start, line.period.end)
        facts.insert(0, ("BT-134 BT-135", desk.label("line_period")[0], span if isinstance(span, str) else span["s"]))
    parts += [_facts(group, desk) for group in (facts, price_facts(line.price or Price(), line, desk), *line_changes(line, desk)) if group]
    if line.note:
        parts.append(_text(line.note, "BT-127", desk))
    return "".join(parts)


def _facts(facts: list[Fact], desk: Desk) -> str:
    inner = "".join(f"<span><i>{value(desk.pen(name))}:{terms(ids, desk.language)}</i> {value(desk.pen(said))}</span>" for ids, name, said in facts)
    return f'<p class="facts">{inner}</p>'


def _text(text: str, ids: str, desk: Desk) -> str:
    drawn = "<br>".join(value(each) for each in desk.pen.paragraphs(text))
    return f"<p>{drawn}{terms(ids, desk.language)}</p>" if drawn else ""


def plain_table(table: dict[str, Any]) -> str:
    """Any other table of a view, its cells named for a narrow screen as those of the lines are."""
    columns = table["columns"]
    caption = f"<caption>{label(table['label'])}</caption>" if table["label"] else ""
    head = "".join(f'<th scope="col" role="columnheader" class="k-{c["kind"]}">{label(c["label"])}</th>' for c in columns)
    body = "".join(
        f'<tr role="row"{STRONG if row["strong"] else ""}>'
        + "".join(_cell(value_, c) for value_, c in zip(row["cells"], columns, strict=True))
        + "</tr>"
        for row in table["rows"]
    )
    return f'<table role="table">{caption}<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'


def _cell(said: Any, column: dict[str, Any]) -> str:
    shown = value(said) if column["kind"] == "text" else code(said if isinstance(said, str) else said["s"])
    empty = "" if said else " empty"
    kind = "f" if column["kind"] == "figure" else "t"
    return f'<td role="cell" class="{kind}{empty}" data-l="{attribute(column["label"][0])}">{shown if said else ""}</td>'
