"""`wasl fix FILE -o OUT`: mend what is certain, show each fix as a diff with its reason, refuse to guess.

Exit codes: 0 the result is valid, 1 a fatal finding is left, 2 unreadable input or wrong usage, 4 not fully checked.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wasl.errors import Words
    from wasl.rules.fix import Fixed

DESCRIPTION = """\
Mend the findings whose answer is certain: totals that follow from their parts, defaults that the norm fixes, the spelling of codes,
dates and figures. Every fix is judged by the rules again and kept only where findings go and none comes. All other bytes stay as they are.
"""
EPILOG = """\
Examples:
  wasl fix invoice.xml -o mended.xml
  wasl fix invoice.xml --dry-run               only show the diff
  wasl fix invoice.xml -o mended.xml --profile peppol
                                               also adds what only this profile can mean (BT-24, BT-23)
  wasl fix invoice.xml -o - > mended.xml       the mended file on standard output
What is left is listed with the reason why it is not certain. A sealed file is only copied, never changed in place.
"""
LINE_CHARACTERS = 200  # of a diff on the screen; --json has it whole
MARKS = {"+": "32", "-": "31", "@": "36"}
KINDS = {
    "sum": ("sum", "حساب"),
    "default": ("default", "قيمة ثابتة"),
    "code": ("code", "رمز"),
    "date": ("date", "تاريخ"),
    "figure": ("figure", "رقم"),
    "space": ("spaces", "فراغات"),
}


def add_parser(sub: argparse._SubParsersAction[Any]) -> None:
    parser = sub.add_parser(
        "fix", help="mend what is certain", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a UBL or CII file")
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("-o", "--output", metavar="OUT", help="where the mended file goes; - is standard output")
    target.add_argument("--dry-run", action="store_true", help="write nothing, only say what would be done")
    parser.add_argument("--profile", default="auto", help="the rules that judge (default: auto, by the document)")
    parser.add_argument("--lang", choices=("ar", "en", "both"), help="language of the reasons (default: the terminal's, else en)")
    parser.add_argument("--json", action="store_true", help="print fixes, diff and what is left as JSON")
    parser.set_defaults(run=command)


def command(arguments: argparse.Namespace) -> int:
    from wasl import files
    from wasl.rules import profiles
    from wasl.rules.fix import fix
    from wasl.rules.fix.sealed import NotMendable, Sealed, seal_of
    from wasl.rules.given import Document, kind_of
    from wasl.service.examine import check

    profile = profiles.get(arguments.profile)
    data = files.read_bytes(arguments.file)
    kind = kind_of(data)
    if kind is not None:
        raise NotMendable(kind=kind)
    seal = seal_of(data, arguments.file)
    if seal is not None and arguments.output not in (None, "-") and _same(arguments.file, Path(arguments.output)):
        raise Sealed(path=str(arguments.file), how=seal)
    fixed = fix(data, profile=arguments.profile, judge=lambda text: check(Document(text), profile), file=str(arguments.file))
    if arguments.output == "-":
        _raw(fixed.data)
    elif arguments.output is not None:
        files.write_atomic(Path(arguments.output), fixed.data)
    broken_seal = seal if seal is not None and fixed.changes else None
    _tell(fixed, arguments, broken_seal)
    return 0 if fixed.after.valid else 4 if fixed.after.valid is None else 1


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _raw(data: bytes) -> None:
    import sys

    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _tell(fixed: Fixed, arguments: argparse.Namespace, seal: Words | None) -> None:
    import sys

    from wasl.cli import sinks

    out = sys.stderr if arguments.output == "-" else sys.stdout
    if arguments.json:
        import orjson

        text = orjson.dumps(as_json(fixed, arguments.lang or "en", seal), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
        out.write(text.encode(getattr(out, "encoding", None) or "utf-8", "backslashreplace").decode(getattr(out, "encoding", None) or "utf-8"))
        return
    lang = arguments.lang or sinks.language()
    for line in as_text(fixed, ("en", "ar") if lang == "both" else (lang,), seal, colour=_is_coloured(out)):
        out.write(line + "\n")


def _is_coloured(out: Any) -> bool:
    import os

    return bool(out.isatty()) and "NO_COLOR" not in os.environ


def as_json(fixed: Fixed, lang: str, seal: Words | None) -> dict[str, Any]:
    """`{"file","valid_before","valid","changed","changes","left","diff"}`; `sealed` says that the seal no longer fits."""
    from wasl.rules.fix.diff import unified
    from wasl.rules.report.asjson import finding_json, writable

    def words(both: Any) -> Any:
        return {"ar": both.ar, "en": both.en} if lang == "both" else both.get(lang)

    changes = [
        {
            "kind": each.kind, "term": each.term or None, "rules": list(each.gone), "before": each.before, "after": each.after,
            "reason": words(each.reason), "places": [{"line": place.line, "column": place.column} for place in each.places],
        }
        for each in fixed.changes
    ]  # fmt: skip
    left = [{"rule": each.rule, "severity": each.severity, "xpath": each.xpath, "reason": words(each.reason)} for each in fixed.left]
    name = writable(fixed.before.file)
    result: dict[str, Any] = {"file": name, "profile": fixed.after.profile, "valid_before": fixed.before.valid, "valid": fixed.after.valid}
    result |= {"changed": bool(changes), "changes": changes, "left": left, "diff": unified(fixed.source.data, fixed.splices, name)}
    result["findings"] = [finding_json(each, lang) for each in fixed.after.findings]
    if seal is not None:
        result["sealed"] = {"ar": seal.ar, "en": str(seal)} if lang == "both" else seal.ar if lang == "ar" else str(seal)
    if fixed.stopped:
        result["stopped"] = True
    return result


_SAYS = {
    "none": ("Nothing was mended.", "لم يُصلَح شيء."),
    "fixes": ("Fixes: {}. Findings before {}, now {}.", "الإصلاحات: {}. كانت الملاحظات {} والباقي {}."),
    "left": ("Left alone, for it is not certain:", "تُرك لأن صوابه غير مؤكد:"),
    "seal": (
        "The original is sealed ({}). The seal does not fit this copy: have it sealed anew before you send it.",
        "الأصل مختوم ({}). الختم لا يطابق هذه النسخة: اختمها من جديد قبل إرسالها.",
    ),
    "stopped": ("Stopped after many tries; run it again on the result to go on.", "توقفنا بعد محاولات كثيرة؛ أعد التشغيل على الناتج للمتابعة."),
    "valid": ("valid", "سليمة"),
    "invalid": ("not valid", "غير سليمة"),
    "unchecked": ("not fully checked", "لم تُفحص كاملة"),
}


def as_text(fixed: Fixed, langs: tuple[str, ...], seal: Words | None, *, colour: bool) -> list[str]:
    from wasl.cli.screen import FSI, PDI, RLM, clean
    from wasl.rules.fix.diff import unified

    def say(key: str, *values: object) -> list[str]:
        return [(RLM if lang == "ar" else "") + _SAYS[key][lang == "ar"].format(*values) for lang in langs]

    state = {True: "valid", False: "invalid", None: "unchecked"}[fixed.after.valid]
    words = " · ".join(_SAYS[state][lang == "ar"] for lang in langs)
    mark = "✓" if fixed.after.valid else "?" if fixed.after.valid is None else "✗"
    lines = [f"{mark} {clean(fixed.before.file)}: {words}"]
    if not fixed.changes:
        lines += say("none")
    else:
        lines += say("fixes", len(fixed.changes), len(fixed.before.findings), len(fixed.after.findings))
        for each in fixed.changes:
            where = ", ".join(f"{place.line}:{place.column}" for place in each.places[:3]) + (" …" if len(each.places) > 3 else "")
            ids = " ".join((*each.gone, each.term) if each.term else each.gone)
            for lang in langs:
                kind = KINDS[each.kind][lang == "ar"]
                text = f"{kind}: {each.reason.get(lang)}"
                lines.append(f"  {RLM}{clean(text)}  {FSI}{where}  {ids}{PDI}" if lang == "ar" else f"  {clean(text)}  {where}  {ids}")
        lines.append("")
        lines += [_diff_line(line, colour) for line in unified(fixed.source.data, fixed.splices, clean(fixed.before.file)).splitlines()]
    if fixed.left:
        lines += ["", *say("left")]
        for rule, reason, count in _grouped(fixed):
            times = f" ×{count}" if count > 1 else ""
            for lang in langs:
                text = clean(reason.get(lang))
                lines.append(f"  {RLM}{FSI}{rule}{times}{PDI}: {text}" if lang == "ar" else f"  {rule}{times}: {text}")
    if seal is not None:
        lines += [RLM * (lang == "ar") + "! " + _SAYS["seal"][lang == "ar"].format(seal.ar if lang == "ar" else seal) for lang in langs]
    return lines + (say("stopped") if fixed.stopped else [])


def _grouped(fixed: Fixed) -> list[tuple[str, Any, int]]:
    """(rule, reason, how often), in the order of the findings."""
    counts: dict[tuple[str, Any], int] = {}
    for each in fixed.left:
        counts[each.rule, each.reason] = counts.get((each.rule, each.reason), 0) + 1
    return [(rule, reason, count) for (rule, reason), count in counts.items()]


def _diff_line(line: str, colour: bool) -> str:
    from wasl.cli.screen import clean

    text = clean(line)
    if len(text) > LINE_CHARACTERS:
        text = text[: LINE_CHARACTERS - 1] + "…"
    return f"\x1b[{MARKS[text[0]]}m{text}\x1b[0m" if colour and text[:1] in MARKS else text
