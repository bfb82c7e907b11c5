"""Automatic payment in the child that dies: a gateway that keeps what it charged in files, as strict about keys as a real one."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any


class FileGateway:
    """Charges as files named by their key: whoever dies, what it charged stays, and the same key is never charged twice."""

    name = "bank"
    families: tuple[str, ...] = ("card",)
    currencies: frozenset[str] = frozenset()

    def __init__(self, folder: Path) -> None:
        from wasl.app.payments.drivers import port

        self.folder = folder
        self.features = frozenset({port.SAVE, port.CHARGE_SAVED})

    def charge(self, order: Any, token: str) -> Any:
        path = self.folder / order.key
        if not path.exists():
            half = path.with_suffix(".half")
            half.write_text(json.dumps([order.amount, order.currency, order.merchant, order.reference, token]))
            half.rename(path)
        return self.fetch(order.key)

    def fetch(self, gateway_id: str) -> Any:
        from wasl.app.payments.drivers.port import SUCCEEDED, GatewayPayment

        amount, currency, merchant, reference, _token = json.loads((self.folder / gateway_id).read_text())
        return GatewayPayment(gateway_id, SUCCEEDED, amount, currency, merchant, reference, "")


def rounds(org: str, folder: str, start: str, days: int) -> str:
    """The worker plans, announces and, on the day, charges: so many days of it from `start`; the state of the last charge."""
    from wasl.app import clock
    from wasl.app.payments import autopay_run
    from wasl.app.payments.drivers import registry
    from wasl.app.payments.models import PlannedCharge

    with registry.placed(FileGateway(Path(folder))):  # type: ignore[arg-type]
        for day in range(days + 1):
            with clock.frozen(datetime.fromisoformat(start) + timedelta(days=day)):
                autopay_run.beat()
                autopay_run.beat()
    return str(PlannedCharge.objects.for_org(org).order_by("-id").values_list("state", flat=True).first())
