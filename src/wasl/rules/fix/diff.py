"""A unified diff straight from the edits: nothing is searched, so it is exact and as fast for a long document as for a short one."""

from __future__ import annotations

from collections.abc import Iterable

from wasl.rules.fix.edits import Splice, applied

CONTEXT = 1  # lines around a change


def unified(data: bytes, made: Iterable[Splice], name: str) -> str:
    """The diff of a document's text (UTF-8) and the same with the splices; "" where there are none."""
    made = sorted(made, key=lambda splice: splice.start)
    if not made:
        return ""
    starts = [0]
    while (at := data.find(b"\n", starts[-1])) >= 0:
        starts.append(at + 1)
    if starts[-1] == len(data):
        starts.pop()
    pieces = [f"--- {name}\n+++ {name}\n"]
    shift = 0
    for first, last, group in _groups(made, starts):
        low, high = max(0, first - CONTEXT), min(len(starts) - 1, last + CONTEXT)
        begin, end = starts[first], starts[last + 1] if last + 1 < len(starts) else len(data)
        old = _lines(data[begin:end])
        new = _lines(applied(data[begin:end], [Splice(s.start - begin, s.end - begin, s.rank, s.data) for s in group]))
        before = _lines(data[starts[low] : begin]) if low < first else []
        after = _lines(data[end : starts[high + 1] if high + 1 < len(starts) else len(data)]) if high > last else []
        size = len(before) + len(after)
        pieces.append(f"@@ -{low + 1},{size + len(old)} +{low + 1 + shift},{size + len(new)} @@\n")
        for mark, lines in ((" ", before), ("-", old), ("+", new), (" ", after)):
            pieces += [_line(mark, line) for line in lines]
        shift += len(new) - len(old)
    return "".join(pieces)


def _groups(made: list[Splice], starts: list[int]) -> list[tuple[int, int, list[Splice]]]:
    """(first line, last line, splices) of each run of changes whose context would meet."""
    from bisect import bisect_right

    groups: list[tuple[int, int, list[Splice]]] = []
    for each in made:
        first = bisect_right(starts, each.start) - 1
        last = max(first, bisect_right(starts, max(each.start, each.end - 1)) - 1)
        if groups and first <= groups[-1][1] + 2 * CONTEXT:
            low, high, members = groups[-1]
            groups[-1] = (low, max(high, last), [*members, each])
        else:
            groups.append((first, last, [each]))
    return groups


def _lines(data: bytes) -> list[str]:
    lines = data.decode(errors="replace").split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _line(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"
