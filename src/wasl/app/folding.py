"""Search as Arabic readers expect: what looks or sounds alike is found, and what is shown is never changed.

Alef with hamza or madda, final ya and alef maqsura, ta marbuta and ha, hamza on its seats, and the three sets of digits each fold
to one form; tatweel, vowel marks and invisible marks are dropped. Both sides fold: the typed text here, the column in the
statement by the very same table. A customer's name is kept folded by the database (invoicing migration 0006): whoever changes the
table makes a migration that makes that column anew.
"""

from __future__ import annotations

_FOLDED = "أإآٱىةؤئ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
_TO = "ااااي" + "هوي" + "0123456789" * 2
_MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"  # vowels
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"
_DROPPED = "ـ" + _MARKS + _UNSEEN
FROM, TO = _FOLDED + _DROPPED, _TO  # PostgreSQL's translate() drops what has no counterpart
_TABLE = str.maketrans(_FOLDED, _TO, _DROPPED)


def fold(text: str) -> str:
    return text.lower().translate(_TABLE)


def folded_sql(column: str) -> str:
    """The folded form of a text column, for a statement of our own. `column` is never a person's input."""
    return f"translate(lower({column}), '{FROM}', '{TO}')"
