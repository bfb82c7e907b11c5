"""Sample invoices as Wasl JSON: a Riyadh services firm, an Amman trader, a Brussels shop. Fictional parties throughout."""

from __future__ import annotations

from importlib.resources import files

NAMES = ("riyadh_services_sar", "amman_jod", "brussels_eur")


def sample(name: str) -> bytes:
    """The Wasl JSON of one of `NAMES`."""
    if name not in NAMES:
        raise KeyError(name)
    return files("wasl.samples").joinpath(f"{name}.json").read_bytes()
