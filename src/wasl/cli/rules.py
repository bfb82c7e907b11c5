"""`wasl rules`: what every rule wants, in its own words and in ours; the sets they come from; your own sheets; what a release changes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NamedTuple

DESCRIPTION = "The official rules and those of national law: list them, explain one, add a sheet of your own, compare two releases."
EPILOG = """\
Examples:
  wasl rules show BR-CO-15
  wasl rules list discount             rules that speak of discounts
  wasl rules list BR-S --lang ar
  wasl rules list --profile sa         with the rules that Saudi law leaves out, and why
  wasl rules list --sets               the rule sets: package, version, date, number of rules
  wasl rules list --set peppol-ubl     the rules of one set
  wasl rules add house.sch --on en16931    then: wasl validate x.xml --profile user:house
  wasl rules diff old.xslt new.xslt --invoices outbox/
"""


class Rule(NamedTuple):
    """One rule as this command prints it."""

    id: str
    severity: str
    term: str
    context: str
    test: str
    official: str
    source: str


def add_parser(sub: argparse._SubParsersAction[Any]) -> None:
    parser = sub.add_parser(
        "rules",
        help="list the official rules, or explain one",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=lambda arguments: parser.error("say `list`, `show ID`, `add FILE`, `remove NAME` or `diff OLD NEW`"))
    actions = parser.add_subparsers(metavar="list|show|add|remove|diff")
    listing = actions.add_parser("list", help="all rules, or those with a word in their id or text; the rule sets")
    listing.add_argument("words", nargs="*", metavar="WORD")
    listing.add_argument("--sets", action="store_true", help="the rule sets: package, version, date, number of rules")
    listing.set_defaults(run=run_list)
    one = actions.add_parser("show", help="explain one rule")
    one.add_argument("rule", metavar="ID")
    one.set_defaults(run=run_show)
    for each in (listing, one):
        each.add_argument("--profile", default="en16931", help="such as en16931, peppol, xrechnung, sa, user:NAME (default: en16931)")
        each.add_argument("--set", metavar="SET", help="one rule set, such as peppol-ubl (see `wasl rules list --sets`)")
    _own_parsers(actions)
    for name, each in actions.choices.items():
        each.add_argument("--lang", choices=("ar", "en", "both"), default="both" if name == "show" else "en")
        each.add_argument("--json", action="store_true", help="print JSON")


def _own_parsers(actions: argparse._SubParsersAction[Any]) -> None:
    from wasl.cli import rules_own

    add = actions.add_parser("add", help="compile a sheet of your own (.sch, .xsl, .xslt) and make it the profile user:NAME")
    add.add_argument("file", type=Path, metavar="FILE")
    add.add_argument("--name", default="", help="its name (default: from the file's)")
    add.add_argument("--on", default="", metavar="PROFILE", help="run the rules of this profile too, before it")
    add.add_argument("--syntax", choices=("ubl", "cii"), default="", help="where the sheet does not say it")
    add.add_argument("--replace", action="store_true", help="take the place of a sheet of that name")
    add.set_defaults(run=rules_own.run_add)
    remove = actions.add_parser("remove", help="forget a sheet of your own")
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(run=rules_own.run_remove)
    diff = actions.add_parser("diff", help="what one sheet changes against another, and which invoices it judges differently")
    diff.add_argument("old", metavar="OLD", help="a sheet's file or a set, such as en16931-ubl")
    diff.add_argument("new", metavar="NEW")
    diff.add_argument("--invoices", nargs="+", default=[], metavar="PATH", help="files, folders or ZIPs to judge by both")
    diff.add_argument("--stored", action="store_true", help="judge the invoices of this installation by both")
    diff.add_argument("--dir", type=Path, help="data directory of the installation (default: WASL_DATA_DIR, else ~/.wasl)")
    diff.set_defaults(run=rules_own.run_diff)


def run(argv: list[str]) -> int:
    """The command as a function: `run(["show", "BR-CO-15"])`."""
    parser = argparse.ArgumentParser(prog="wasl")
    add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["rules", *argv])
    return int(arguments.run(arguments))


def rules_of_sets(names: tuple[str, ...]) -> list[Rule]:
    """The rules of these sets, in their order. Raises MissingSet."""
    from wasl.rules import sheets
    from wasl.rules.explain import explain_rule

    rules: list[Rule] = []
    for name in names:
        sheet, path = sheets.load(name), sheets.locate(name)
        file = name if name == "peppol-ubl" else path.name
        for template, each in sheet.asserts():
            official = "".join(part for part in each.text if isinstance(part, str))
            term = explain_rule(each.id, test=each.test, official=official, context=template.context).term
            rules.append(Rule(each.id, each.severity, term, template.context, each.test, official, f"{sheet.title} ({file})"))
    return rules


def all_rules(profile: str) -> list[Rule]:
    """The rules of a profile's sets that are installed (UBL where it has both syntaxes), then the law's own."""
    from wasl.regimes import REGIMES, regime
    from wasl.rules import profiles, sheets

    chosen = profiles.get(profile)
    wanted = chosen.sets.get("ubl") or chosen.all_sets() or tuple(sheets.SOURCES)
    present = tuple(name for name in wanted if sheets.installed(name))
    rules = rules_of_sets(present or wanted)
    if chosen.id in REGIMES:
        rules += [Rule(own.id, "fatal", own.term, "", "", own.en, own.source) for own in regime(chosen.id).own_rules]
    return rules


def run_list(arguments: argparse.Namespace) -> int:
    from wasl.cli import rules_own
    from wasl.rules import profiles

    if arguments.sets:
        return rules_own.list_sets(arguments)
    skipped = frozenset() if arguments.set else profiles.get(arguments.profile).skipped
    rules = rules_of_sets((arguments.set,)) if arguments.set else all_rules(arguments.profile)
    found = [rule for rule in rules if _matches(rule, arguments.words)]
    if arguments.json:
        print_json([_as_json(rule, arguments.profile) for rule in found])
        return 0
    if not arguments.words and not arguments.set and arguments.profile == "en16931":
        rules_own.print_sets(arguments.lang, compiled=False)
        print()
    for rule in sorted(found, key=_natural):
        mark = "·" if rule.id in skipped else {"fatal": "✗", "warning": "!"}.get(rule.severity, "i")
        print(f"{mark} {rule.id:<13} {rule.term:<9} {_summary(rule, arguments.lang)}")
    left_out = sum(1 for rule in found if rule.id in skipped)
    if found:
        print("✗ خطأ · ! تنبيه · i معلومة" if arguments.lang == "ar" else "✗ fatal · ! warning · i information")
    print(f"{len(found)} rules{f', {left_out} of them left out (·) by {arguments.profile}' if left_out else ''}")
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    wanted = arguments.rule.upper()
    rules = rules_of_sets((arguments.set,)) if arguments.set else all_rules(arguments.profile)
    rule = next((rule for rule in rules if rule.id.upper() == wanted), None) or _own_rule(wanted)
    having = () if arguments.set else sets_with(wanted)
    if rule is None and having:
        rules = rules_of_sets(having[:1])
        rule = next(rule for rule in rules if rule.id.upper() == wanted)
    if rule is None:
        from difflib import get_close_matches

        from wasl.cli.errors import UnknownRule

        near = get_close_matches(wanted, [rule.id for rule in rules], n=1)
        raise UnknownRule(rule=arguments.rule, nearest=f"Did you mean {near[0]}? " if near else "")
    compiled = _compiled(rule, (arguments.set,) if arguments.set else having)
    if arguments.json:
        print_json(_as_json(rule, arguments.profile) | {"sets": list(having or (arguments.set,)), "compiled": compiled})
    else:
        langs = ("en", "ar") if arguments.lang == "both" else (arguments.lang,)
        _print_rule(rule, langs)
        print(f"{_head('Sets', langs)}{', '.join(having) or arguments.set or '-'}")
        for i, line in enumerate(compiled.splitlines()):
            print(f"{_head('Compiled', langs) if i == 0 else ' ' * 14}{line if len(line) < 600 else line[:600] + ' …'}")
    return 0


def sets_with(rule: str) -> tuple[str, ...]:
    """The installed sets that have a rule, ours and the user's own last."""
    from wasl.rules import own_sheets, sheets

    names = [*(name for name in sheets.SOURCES if sheets.installed(name)), *(own_sheets.PREFIX + own.name for own in own_sheets.listed())]
    needle = rule.encode()
    return tuple(
        name
        for name in names
        if any(needle in file.read_bytes().upper() for file in sheets.files(name))
        and any(each.id.upper() == rule for _, each in sheets.load(name).asserts())
    )


def _compiled(rule: Rule, sets: tuple[str, ...]) -> str:
    """The Python of the first set that has the rule; of a law's own rule there is none."""
    from wasl.rules import about

    return about.compiled_test(sets[0], rule.id) if sets else ""


def _own_rule(wanted: str) -> Rule | None:
    """A rule of a law, also where its profile was not named."""
    from wasl.regimes import REGIMES, regime

    for code in REGIMES:
        for own in regime(code).own_rules:
            if own.id == wanted:
                return Rule(own.id, "fatal", own.term, "", "", own.en, own.source)
    return None


def _words(rule: Rule, lang: str) -> tuple[str, str]:
    """Message and fix; a law's own rule has its one sentence."""
    from wasl.regimes import REGIMES, regime
    from wasl.rules.explain import explain_rule

    for own in (own for code in REGIMES for own in regime(code).own_rules if own.id == rule.id):
        return (own.ar if lang == "ar" else own.en), ""
    words = explain_rule(rule.id, test=rule.test, official=rule.official, context=rule.context)
    return words.message(lang), words.fix(lang)


def _summary(rule: Rule, lang: str) -> str:
    return " | ".join(_words(rule, each)[0] for each in (("en", "ar") if lang == "both" else (lang,)))


def _matches(rule: Rule, words: list[str]) -> bool:
    text = f"{rule.id} {rule.term} {rule.official} {_summary(rule, 'both') if words else ''}".lower()
    return all(word.lower() in text for word in words)


def _natural(rule: Rule) -> list[Any]:
    import re

    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", rule.id)]


def _exclusions(rule: Rule) -> list[tuple[str, str, str, str]]:
    """Which laws leave the rule out: profile, reason in both languages, source."""
    from wasl.regimes import REGIMES, regime

    return [
        (code, each.reason_en, each.reason_ar, each.source)
        for code in REGIMES
        for each in regime(code).profile.excluded
        if each.rule == rule.id
    ]


def _as_json(rule: Rule, profile: str) -> dict[str, Any]:
    from wasl.invoice.terms import TERMS
    from wasl.rules import profiles

    (en, fix_en), (ar, fix_ar) = _words(rule, "en"), _words(rule, "ar")
    term = TERMS[rule.term]
    return {
        "rule": rule.id,
        "severity": rule.severity,
        "applies": rule.id not in profiles.get(profile).skipped,
        "term": {"id": term.id, "en": term.en, "ar": term.ar, "ubl": term.ubl},
        "context": rule.context,
        "test": rule.test,
        "official": rule.official,
        "message": {"ar": ar, "en": en},
        "fix": {"ar": fix_ar, "en": fix_en},
        "source": rule.source,
        "left_out_by": [{"profile": code, "en": en, "ar": ar, "source": source} for code, en, ar, source in _exclusions(rule)],
    }


# What stands before each part of a rule, in Arabic.
HEADS = {
    "fatal": "خطأ", "warning": "تنبيه", "information": "معلومة", "Official": "النص الرسمي", "Term": "البند", "Context": "الموضع", "Test": "الشرط",
    "Source": "المصدر", "Left out": "مستثناة", "Sets": "المجموعات", "Compiled": "الشيفرة",
}  # fmt: skip


def _head(name: str, langs: tuple[str, ...]) -> str:
    return f"  {HEADS[name] if langs == ('ar',) else name:<12}"


def _print_rule(rule: Rule, langs: tuple[str, ...]) -> None:
    from wasl.invoice.terms import TERMS

    term = TERMS[rule.term]
    print(f"{rule.id}  ({HEADS.get(rule.severity, rule.severity) if langs == ('ar',) else rule.severity})")
    print(f"{_head('Official', langs)}{rule.official}")
    for lang in langs:
        message, fix = _words(rule, lang)
        print(f"  {'In short' if lang == 'en' else 'بإيجاز':<12}{message}")
        if fix:
            print(f"  {'Fix' if lang == 'en' else 'الحل':<12}{fix}")
    print(f"{_head('Term', langs)}{term.id} · {term.en} · {term.ar}")
    if rule.context:
        print(f"{_head('Context', langs)}{rule.context}")
        print(f"{_head('Test', langs)}{rule.test if len(rule.test) < 600 else rule.test[:600] + ' …'}")
    print(f"{_head('Source', langs)}{rule.source}")
    for code, en, ar, source in _exclusions(rule):
        reasons = " / ".join(ar if lang == "ar" else en for lang in langs)
        print(f"{_head('Left out', langs)}{'في' if langs == ('ar',) else 'by'} {code}: {reasons} ({source})")


def print_json(value: object) -> None:
    import sys

    import orjson

    sys.stdout.flush()
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()
