"""Saudi Arabia as one value."""

from __future__ import annotations

from wasl.regimes import Regime
from wasl.regimes.sa.qr import tags
from wasl.regimes.sa.validate import OWN_RULES, PROFILE, checks

REGIME = Regime("sa", "Saudi Arabia", "المملكة العربية السعودية", "SAR", PROFILE, checks, OWN_RULES, tags)
