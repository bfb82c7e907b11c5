"""`python -m wasl.standins.bank --port 8100 --dir D`: the gateways' process with the bank alone, at the root."""

from __future__ import annotations

import sys

from wasl.standins.gateways.process import arguments, run


def main(argv: list[str] | None = None) -> int:
    return run(arguments("wasl.standins.bank", 8100, "A sandbox bank: payments, refunds, webhooks.", argv), {"bank": ""})


if __name__ == "__main__":
    sys.exit(main())
