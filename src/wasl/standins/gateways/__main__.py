"""`python -m wasl.standins.gateways --port 8300 --dir D`: keys and webhook secrets come from the environment or are made once."""

from __future__ import annotations

import sys

from wasl.standins.gateways.process import DIALECTS, arguments, run


def main(argv: list[str] | None = None) -> int:
    options = arguments("wasl.standins.gateways", 8300, "Payment gateways for trying things: five dialects in one process.", argv)
    return run(options, {name: f"/{name}" for name in DIALECTS})


if __name__ == "__main__":
    sys.exit(main())
