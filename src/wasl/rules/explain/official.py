"""Rules that no book has words for: a user's own sheet, or an edition newer than this program. Their own text stands in."""

from __future__ import annotations

import re

from msgspec import Struct

from wasl.invoice.terms import TERMS
from wasl.rules.explain.facts import Facts
from wasl.rules.explain.parts import Parts
from wasl.rules.explain.text import Bi, Raw, say

_OTHER = (
    "The rule says: {official} It concerns the {term}.",
    "نص القاعدة الرسمي: {official}. وهي تخص {term}.",
)
_OTHER_FIX = ("Correct the {term} so that the rule {rule} holds.", "صحّح {term} حتى تتحقق القاعدة {rule}.")


class Official(Struct, frozen=True):
    """A rule we have no words for: its own text, its term, its id. Used for sheets that are added later."""

    rule: str
    official: str

    def explain(self, facts: Facts | None) -> Parts:
        match = re.search(r"\b(B[TG]-\d+)\b", self.official)
        info = TERMS.get(match[1] if match else "BG-0", TERMS["BG-0"])
        text = re.sub(r"^\[[^\]]*\]\s*-?\s*", "", self.official).strip()
        message = say(_OTHER, official=Raw(text.rstrip(".") + "."), term=info)
        return Parts(Bi(message.en, message.ar.replace(".\u2069.", ".\u2069")), say(_OTHER_FIX, term=info, rule=Raw(self.rule)), info)
