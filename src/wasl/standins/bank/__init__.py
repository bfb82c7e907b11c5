"""A sandbox bank of its own: `wasl.standins.gateways` with one dialect, `wasl.standins.gateways.bank`."""
