"""`wasl check`: what is unsafe in this installation's settings; `wasl serve` refuses the same."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from wasl.errors import WaslError


class Unsafe(WaslError):
    code = "WASL-CHECK-01"
    en = "Not started, for {count} unsafe setting(s): {first} Run `wasl check` for all of them."
    ar = "لم يبدأ التشغيل بسبب إعدادات غير آمنة عددها {count}: {first} شغّل `wasl check` لعرضها كلها."


def add_parser(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = sub.add_parser("check", help="say what is unsafe in the settings", description=__doc__)
    parser.add_argument("--dir", type=Path, help="data directory (default: WASL_DATA_DIR, else the user's data folder)")
    parser.add_argument("--public", action="store_true", help="judge as for a public address")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from wasl.cli import installation

    with installation.opened(arguments.dir, migrate=False):
        from django.conf import settings

        from wasl.app.check import findings
        from wasl.app.live.check import stream_findings

        found = findings(public=True if arguments.public else None)  # None: as WASL_ORIGIN says
        found += stream_findings(settings.CONFIG.origin)
    for finding in found:
        print(f"{finding.code}: {finding.en}")
    if not found:
        print("Nothing unsafe found.")
    return 1 if found else 0


def refuse_unsafe(*, public: bool | None = None) -> None:
    """Raise Unsafe where `wasl check` finds anything that must not be served; None: judged by WASL_ORIGIN."""
    from wasl.app.check import findings

    found = [finding for finding in findings(public=public) if finding.fatal]
    for finding in found:
        print(f"wasl: {finding.code}: {finding.en}", file=sys.stderr)
    if found:
        raise Unsafe(count=len(found), first=found[0].en)
