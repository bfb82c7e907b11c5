"""UBL 2.1 Invoice and CreditNote, in and out."""

from wasl.formats.result import Loss, ReadResult
from wasl.formats.ubl.canonical import canonical
from wasl.formats.ubl.reader import NotUbl, build, from_tree, read
from wasl.formats.ubl.writer import write, write_whole

__all__ = ["Loss", "NotUbl", "ReadResult", "build", "canonical", "from_tree", "read", "write", "write_whole"]
