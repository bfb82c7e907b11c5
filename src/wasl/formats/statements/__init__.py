"""Bank statements: CAMT.053, MT940, OFX and tables into one `Statement`, every sum proven, every line with an identity.

(statement,) = statements.read(data)
for part in statements.stream(source): ...      # 100,000 lines in memory for one
"""

from wasl.formats.statements.columns import Columns, guess
from wasl.formats.statements.errors import (
    BalanceBroken,
    ColumnsUnknown,
    LineUnreadable,
    NotAStatement,
    PackageRefused,
    StatementRefused,
    StatementTooLarge,
    SumsDiffer,
)
from wasl.formats.statements.model import Balance, Foot, Head, Line, Part, Statement
from wasl.formats.statements.read import Kind, kind_of, read, stream
from wasl.formats.statements.sheet import sample_of
from wasl.formats.statements.source import Plain, Source, Squeezed, squeeze, unpack

__all__ = [
    "Balance",
    "BalanceBroken",
    "Columns",
    "ColumnsUnknown",
    "Foot",
    "Head",
    "Kind",
    "Line",
    "LineUnreadable",
    "NotAStatement",
    "PackageRefused",
    "Part",
    "Plain",
    "Source",
    "Squeezed",
    "Statement",
    "StatementRefused",
    "StatementTooLarge",
    "SumsDiffer",
    "guess",
    "kind_of",
    "read",
    "sample_of",
    "squeeze",
    "stream",
    "unpack",
]
