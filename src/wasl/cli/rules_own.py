"""`wasl rules list --sets`, `add`, `remove` and `diff`: the sets, a user's own sheets, and what a new release changes."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wasl.rules.about import Facts
    from wasl.rules.compare import Difference, Judged

SHOWN_MAX = 20  # changes and documents on the screen; --json has all


def say(lang: str, en: str, ar: str) -> str:
    return f"{en} | {ar}" if lang == "both" else ar if lang == "ar" else en


def all_facts(*, compiled: bool) -> list[Facts]:
    from wasl.rules import about, own_sheets, sheets

    names = [*sheets.SOURCES, *(own_sheets.PREFIX + own.name for own in own_sheets.listed())]
    return [about.facts(name, compiled=compiled) for name in names]


def list_sets(arguments: argparse.Namespace) -> int:
    from wasl.cli.rules import print_json
    from wasl.rules import about

    if arguments.json:
        print_json([about.as_json(each) for each in all_facts(compiled=True)])
    else:
        print_sets(arguments.lang, compiled=True)
    return 0


def print_sets(lang: str, *, compiled: bool) -> None:
    """A table. Without `compiled` a set that was never compiled here shows no counts, because counting takes seconds."""
    heads = (
        ("Set", "Syntax", "From", "Version", "Date", "Rules", "Interpreted")
        if lang != "ar"
        else ("المجموعة", "الصيغة", "المصدر", "الإصدار", "التاريخ", "القواعد", "غير المترجمة")
    )
    rows: list[tuple[str, ...]] = []
    for each in all_facts(compiled=compiled):
        counts = tuple("-" if n is None else str(n) for n in (each.asserts, each.interpreted))
        rows.append((each.set, each.syntax, each.package, each.version or "-", each.date or "-", *counts))
        if each.missing:
            rows[-1] = (each.set, each.syntax, getattr(each.missing, "ar", each.missing) if lang == "ar" else str(each.missing), "", "", "", "")
    widths = [max(len(row[i]) for row in [heads, *(r for r in rows if r[3])]) for i in range(len(heads))]
    for row in [heads, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def run_add(arguments: argparse.Namespace) -> int:
    from wasl.cli.rules import print_json
    from wasl.rules import own_sheets

    own, sheet = own_sheets.add(arguments.file, name=arguments.name, on=arguments.on, syntax=arguments.syntax, replace=arguments.replace)
    profile = own_sheets.PREFIX + own.name
    count = len(sheet.asserts())
    if arguments.json:
        notes = list(sheet.notes)
        print_json({"profile": profile, "title": own.title, "syntax": own.syntax, "on": own.on or None, "rules": count, "notes": notes})
        return 0
    on = f", on {own.on}" if own.on else ""
    on_ar = f"، فوق {own.on}" if own.on else ""
    print(say(arguments.lang, f"{own.title}: {count} rules for {own.syntax}{on}.", f"{own.title}: عدد القواعد {count} لصيغة {own.syntax}{on_ar}."))
    command = f"wasl validate FILE --profile {profile}"
    print(say(arguments.lang, f"Use it: {command}", f"للاستعمال: {command}"))
    for note in sheet.notes:
        print(say(arguments.lang, f"Note: {note}", f"ملاحظة: {note}"))
    return 0


def run_remove(arguments: argparse.Namespace) -> int:
    from wasl.cli.rules import print_json
    from wasl.rules import own_sheets

    own = own_sheets.remove(arguments.name)
    if arguments.json:
        print_json({"removed": own_sheets.PREFIX + own.name})
    else:
        print(say(arguments.lang, f"{own.name} ({own.title}) is forgotten.", f"حُذفت {own.name} ({own.title})."))
    return 0


def run_diff(arguments: argparse.Namespace) -> int:
    from wasl.cli.rules import print_json
    from wasl.rules import compare

    old, new = compare.open_sheet(arguments.old), compare.open_sheet(arguments.new)
    difference = compare.compare(old, new)
    judged: list[Judged] = []
    counts = {"judged": 0, "other": 0}
    if arguments.invoices or arguments.stored:
        judge = compare.Judge(old, new)
        for name, data in _documents(arguments):
            found = judge.judge(name, data)
            counts["judged" if found is not None else "other"] += 1
            if found is not None and (found.differs or found.error is not None):
                judged.append(found)
    if arguments.json:
        print_json(_as_json(difference, judged, counts if arguments.invoices or arguments.stored else None))
        return 0
    _print_difference(difference, arguments.lang)
    if arguments.invoices or arguments.stored:
        _print_judged(judged, counts, arguments.lang)
    return 0


def _documents(arguments: argparse.Namespace) -> Iterator[tuple[str, bytes]]:
    """(name, XML) of the invoices named, then of the installation's own; what cannot be read goes to the judge as it is."""
    from wasl.errors import WaslError
    from wasl.rules.given import document
    from wasl.service.intake import Intake

    if arguments.invoices:
        for item in Intake(arguments.invoices):
            data = item.read()
            try:
                data = document(data).data
            except WaslError:
                yield item.name, data  # the judge says what is wrong with it
                continue
            yield item.name, data
    if arguments.stored:
        yield from _stored(arguments.dir)


def _stored(directory: Any) -> Iterator[tuple[str, bytes]]:
    from wasl.cli import installation

    with installation.opened(directory, migrate=False, existing=True):
        from wasl.app.invoicing.models import Document, Invoice
        from wasl.app.tenancy.models import Organisation

        for org in Organisation.objects.order_by("slug"):
            numbers = dict(Invoice.objects.for_org(org.pk).values_list("pk", "number"))
            rows = Document.objects.for_org(org.pk).filter(kind=Document.XML).values_list("invoice_id", "data")
            for invoice, data in rows.iterator(chunk_size=200):
                yield f"{org.slug}/{numbers.get(invoice, invoice)}", bytes(data)


def _as_json(difference: Difference, judged: list[Judged], counts: dict[str, int] | None) -> dict[str, Any]:
    from dataclasses import asdict

    result: dict[str, Any] = {
        "added": list(difference.added),
        "removed": list(difference.removed),
        "changed": [
            {"rule": c.rule, "fields": list(c.fields), "old": [asdict(f) for f in c.old], "new": [asdict(f) for f in c.new]}
            for c in difference.changed
        ],
    }
    if counts is not None:
        result["invoices"] = counts | {
            "different": [
                {
                    "name": j.name,
                    "valid": {"old": j.old, "new": j.new},
                    "only_old": [{"rule": rule, "xpath": place} for rule, place in j.gone],
                    "only_new": [{"rule": rule, "xpath": place} for rule, place in j.come],
                }
                for j in judged
                if j.error is None
            ],
            "unread": [{"name": j.name, "error": {"en": j.error.message("en"), "ar": j.error.message("ar")}} for j in judged if j.error is not None],
        }
    return result


def _print_difference(difference: Difference, lang: str) -> None:
    for title, title_ar, ids in (("Added", "أُضيفت", difference.added), ("Removed", "حُذفت", difference.removed)):
        print(f"{say(lang, title, title_ar)} ({len(ids)}): {', '.join(ids) or '-'}")
    print(f"{say(lang, 'Changed', 'تغيّرت')} ({len(difference.changed)}):")
    for change in difference.changed[:SHOWN_MAX]:
        print(f"  {change.rule}: {', '.join(change.fields)}")
        for name in change.fields:
            before, after = ([getattr(form, name) for form in forms] for forms in (change.old, change.new))
            for sign, values in (("-", [v for v in before if v not in after]), ("+", [v for v in after if v not in before])):
                for value in values:
                    print(f"    {sign} {value if len(value) < 300 else value[:300] + ' …'}")
    if len(difference.changed) > SHOWN_MAX:
        print(f"  … {len(difference.changed) - SHOWN_MAX} (--json)")


def _print_judged(judged: list[Judged], counts: dict[str, int], lang: str) -> None:
    different = [each for each in judged if each.error is None]
    words = {True: say(lang, "valid", "صحيحة"), False: say(lang, "invalid", "مخالفة"), None: "-"}
    en = f"Invoices: {counts['judged']} judged by both, {len(different)} differently; {counts['other']} of another syntax passed over"
    ar = f"الفواتير: فُحصت {counts['judged']} بالمجموعتين، واختلف الحكم في {len(different)}، وتُجاوزت {counts['other']} بصيغة أخرى"
    print(say(lang, en, ar))
    for each in different[:SHOWN_MAX]:
        print(f"  {each.name}: {words[each.old]} → {words[each.new]}")
        for sign, findings in (("-", each.gone), ("+", each.come)):
            for rule, place in findings[:SHOWN_MAX]:
                print(f"    {sign} {rule}  {place}")
    for each in judged:
        if each.error is not None:
            print(f"  {each.name}: {each.error.message('ar' if lang == 'ar' else 'en')}")
