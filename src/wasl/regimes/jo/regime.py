"""Jordan as one value."""

from __future__ import annotations

from wasl.regimes import Regime
from wasl.regimes.jo.validate import OWN_RULES, PROFILE, checks

REGIME = Regime("jo", "Jordan", "المملكة الأردنية الهاشمية", "JOD", PROFILE, checks, OWN_RULES)
