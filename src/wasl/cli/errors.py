"""Errors that belong to the command line alone."""

from __future__ import annotations

from pathlib import Path

from wasl.errors import WaslError


class OutputIsInput(WaslError):
    """The file that would be written is the one that was read."""

    code = "WASL-CLI-03"
    en = "{path} is the file that was read, so nothing was written. Choose another name for the output."
    ar = "الملف {path} هو المقروء نفسه، فلم يُكتب شيء. اختر اسمًا آخر للناتج."
    exit_code = 2


def refuse_same(source: Path, output: Path) -> None:
    """An invoice is never written over by what was made of it. Raises OutputIsInput."""
    try:
        same = source.samefile(output)
    except OSError:  # one of the two is not there
        return
    if same:
        raise OutputIsInput(path=output)


class UnknownRule(WaslError):
    """A rule id that no installed sheet has."""

    code = "WASL-CLI-02"
    en = "There is no rule {rule}. {nearest}See `wasl rules list`."
    ar = "لا توجد قاعدة بالرمز {rule}. راجع قائمة القواعد."
    exit_code = 2
