"""What is new in a mail: without the thread below it, without the signature. The whole stays in the original.

Line by line and without patterns, so that no text makes it slow. Where cutting leaves nothing, nothing is cut.
"""

from __future__ import annotations

import unicodedata

MARKER = "##-"  # begins the line above which the answer is written, in every mail of a conversation
_WROTE = ("wrote", "كتب", "كتبت", "a écrit", "schrieb", "escribió", "ha scritto", "schreef", "writes")
_ORIGINAL = ("original message", "الرسالة الأصلية", "message d'origine", "ursprüngliche nachricht")
_FROM = ("from:", "من:", "de :", "de:", "von:", "المرسل:")
_SENT = ("sent:", "date:", "to:", "subject:", "تاريخ الإرسال:", "التاريخ:", "تاريخ:", "إلى:", "الموضوع:", "الإرسال:")
_TELEPHONE = (
    "sent from my", "sent from outlook", "get outlook for", "sent from yahoo",
    "أُرسل من", "أرسل من", "أُرسلت من", "أرسلت من", "مرسل من", "تم الإرسال من",
)  # fmt: skip
ATTRIBUTION_CHARS_MAX = 300


def new_in(text: str) -> str:
    """The new words of a mail's text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = _without_signature(_without_quotes(lines[: _end(lines)]))
    said = "\n".join(kept).strip()
    return said or text.strip()


def _bare(line: str) -> str:
    """Without invisible marks, quote signs and emphasis at its ends."""
    return "".join(char for char in line if unicodedata.category(char) != "Cf").strip(" \t>*_")


def _end(lines: list[str]) -> int:
    """Where the thread below begins: the marker, a head of the mail before, or the line that says who wrote it."""
    for number, line in enumerate(lines):
        bare = _bare(line)
        low = bare.casefold()
        if bare.startswith(MARKER):
            return _before_attribution(lines, number)
        if any(sign in low for sign in _ORIGINAL) and low.startswith(("-", "_")):
            return number
        if low.startswith(_FROM) and sum(_bare(after).casefold().startswith(_SENT) for after in lines[number + 1 : number + 6]) >= 2:
            return _before_rule(lines, number)
        if _is_attribution(bare, _bare(lines[number + 1]) if number + 1 < len(lines) else ""):
            rest = [after for after in lines[number + 1 :] if after.strip()]
            wrapped = 0 if bare.endswith(":") else 1
            if all(after.lstrip("\u200e\u200f\u2068 ").startswith(">") for after in rest[wrapped:]):
                return number
    return len(lines)


def _before_attribution(lines: list[str], number: int) -> int:
    """From the marker up, over what mail programs put between: blank lines and "On ... wrote:", in whatever language."""
    end = number
    while end and not _bare(lines[end - 1]):
        end -= 1
    if end and _bare(lines[end - 1]).endswith((":", "：")):
        first = end - 1
        if first and not _says_when(_bare(lines[first])) and _says_when(_bare(lines[first - 1])):
            first -= 1
        if _says_when(_bare(lines[first])):
            return first
    return end


def _before_rule(lines: list[str], number: int) -> int:
    """Outlook draws a line of underscores above the head."""
    above = number - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and len(lines[above].strip()) >= 8 and not lines[above].strip().strip("_-") else number


def _says_when(bare: str) -> bool:
    return any(char.isdigit() for char in bare) or "@" in bare


def _is_attribution(bare: str, after: str) -> bool:
    """ "On Thu, 26 Nov 2026 at 10:21, Reem <reem@x> wrote:", perhaps over two lines."""
    for line in (bare, f"{bare} {after}"):
        if len(line) <= ATTRIBUTION_CHARS_MAX and line.endswith(":") and _says_when(line) and any(word in line.casefold() for word in _WROTE):
            return True
    return False


def _without_quotes(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.lstrip().startswith(">")]


def _without_signature(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if line.rstrip("\xa0") in ("-- ", "--") and any(before.strip() for before in lines[:number]):
            lines = lines[:number]
            break
    while lines and (not lines[-1].strip() or _bare(lines[-1]).casefold().startswith(_TELEPHONE)):
        lines = lines[:-1]
    return lines
