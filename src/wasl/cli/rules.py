"""`wasl rules list` and `wasl rules show ID`: what every rule wants, in its own words and in ours."""

from __future__ import annotations

import argparse
from typing import Any, NamedTuple

DESCRIPTION = "The official rules and those of national law: list them, or explain one."
EPILOG = """\
Examples:
  wasl rules show BR-CO-15
  wasl rules list discount             rules that speak of discounts
  wasl rules list BR-S --lang ar
  wasl rules list --profile sa         with the rules that Saudi law leaves out, and why
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
    parser.set_defaults(run=lambda arguments: parser.error("say `list` or `show ID`"))
    actions = parser.add_subparsers(metavar="list|show")
    listing = actions.add_parser("list", help="all rules, or those with a word in their id or text")
    listing.add_argument("words", nargs="*", metavar="WORD")
    listing.set_defaults(run=run_list)
    one = actions.add_parser("show", help="explain one rule")
    one.add_argument("rule", metavar="ID")
    one.set_defaults(run=run_show)
    for each in (listing, one):
        each.add_argument("--profile", default="en16931", help="en16931, sa, jo (default: en16931)")
        each.add_argument("--lang", choices=("ar", "en", "both"), default="en" if each is listing else "both")
        each.add_argument("--json", action="store_true", help="print JSON")


def run(argv: list[str]) -> int:
    """The command as a function: `run(["show", "BR-CO-15"])`."""
    parser = argparse.ArgumentParser(prog="wasl")
    add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["rules", *argv])
    return int(arguments.run(arguments))


def all_rules(profile: str) -> list[Rule]:
    """The rules of the profile's sheet in its order, then the law's own."""
    from wasl.regimes import REGIMES, regime
    from wasl.rules import profiles, sheets
    from wasl.rules.explain import explain_rule

    chosen = profiles.get(profile)
    rules: list[Rule] = []
    for name in chosen.sets.get("ubl") or chosen.all_sets():
        sheet, path = sheets.load(name), sheets.locate(name)
        for template, each in sheet.asserts():
            official = "".join(part for part in each.text if isinstance(part, str))
            term = explain_rule(each.id, test=each.test, official=official, context=template.context).term
            rules.append(Rule(each.id, each.severity, term, template.context, each.test, official, f"{sheet.title} ({path.name})"))
    if chosen.id in REGIMES:
        rules += [Rule(own.id, "fatal", own.term, "", "", own.en, own.source) for own in regime(chosen.id).own_rules]
    return rules


def run_list(arguments: argparse.Namespace) -> int:
    from wasl.rules import profiles

    skipped = profiles.get(arguments.profile).skipped
    found = [rule for rule in all_rules(arguments.profile) if _matches(rule, arguments.words)]
    if arguments.json:
        _print_json([_as_json(rule, arguments.profile) for rule in found])
        return 0
    for rule in sorted(found, key=_natural):
        mark = "·" if rule.id in skipped else {"fatal": "✗", "warning": "!"}.get(rule.severity, "i")
        print(f"{mark} {rule.id:<13} {rule.term:<9} {_summary(rule, arguments.lang)}")
    left_out = sum(1 for rule in found if rule.id in skipped)
    print(f"{len(found)} rules{f', {left_out} of them left out (·) by {arguments.profile}' if left_out else ''}")
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    rules = all_rules(arguments.profile)
    wanted = arguments.rule.upper()
    rule = next((rule for rule in rules if rule.id == wanted), None) or _own_rule(wanted)
    if rule is None:
        from difflib import get_close_matches

        from wasl.cli.errors import UnknownRule

        near = get_close_matches(wanted, [rule.id for rule in rules], n=1)
        raise UnknownRule(rule=arguments.rule, nearest=f"Did you mean {near[0]}? " if near else "")
    if arguments.json:
        _print_json(_as_json(rule, arguments.profile))
    else:
        _print_rule(rule, ("en", "ar") if arguments.lang == "both" else (arguments.lang,))
    return 0


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


def _print_rule(rule: Rule, langs: tuple[str, ...]) -> None:
    from wasl.invoice.terms import TERMS

    term = TERMS[rule.term]
    print(f"{rule.id}  ({rule.severity})")
    print(f"  {'Official':<10}{rule.official}")
    for lang in langs:
        message, fix = _words(rule, lang)
        print(f"  {'In short' if lang == 'en' else 'بإيجاز':<10}{message}")
        if fix:
            print(f"  {'Fix' if lang == 'en' else 'الحل':<10}{fix}")
    print(f"  {'Term':<10}{term.id} · {term.en} · {term.ar}")
    if rule.context:
        print(f"  {'Context':<10}{rule.context}")
        print(f"  {'Test':<10}{rule.test if len(rule.test) < 600 else rule.test[:600] + ' …'}")
    print(f"  {'Source':<10}{rule.source}")
    for code, en, ar, source in _exclusions(rule):
        print(f"  {'Left out':<10}by {code}: {' / '.join(ar if lang == 'ar' else en for lang in langs)} ({source})")


def _print_json(value: object) -> None:
    import sys

    import orjson

    sys.stdout.flush()
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()
