"""Tables that people really send: CSV and XLSX sheets of invoice lines, with a mapping of columns to business terms.

found = table.examine(data)              # every invoice that is whole, every cell that is wrong
invoices = table.read(data, mapping=m)   # all or nothing
"""

from wasl.formats.table.columns import guess
from wasl.formats.table.errors import CellsRefused, Problem, TableRefused
from wasl.formats.table.mapping import Mapping
from wasl.formats.table.reader import Examined, FromTable, Recognised, examine, read, read_one, recognise

__all__ = [
    "CellsRefused",
    "Examined",
    "FromTable",
    "Mapping",
    "Problem",
    "Recognised",
    "TableRefused",
    "examine",
    "guess",
    "read",
    "read_one",
    "recognise",
]
