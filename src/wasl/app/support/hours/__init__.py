"""When a seller is there: business hours, week-ends, public holidays and days of its own; its hotline; and what of it is said.

`opening(org)` is the one answer to "are they there now, and when next"; `say` puts it into words for either side.
"""

from wasl.app.support.hours.opening import Opening, opening
from wasl.app.support.hours.settings import settings_of

__all__ = ["Opening", "opening", "settings_of"]
