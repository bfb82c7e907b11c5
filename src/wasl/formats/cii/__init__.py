"""CII D16B (Factur-X, ZUGFeRD 2, XRechnung), in and out."""

from wasl.formats.cii.canonical import canonical
from wasl.formats.cii.levels import PROFILES, UnknownProfile
from wasl.formats.cii.reader import NotCii, build, from_tree, read
from wasl.formats.cii.writer import write, write_whole
from wasl.formats.result import Loss, ReadResult

__all__ = ["PROFILES", "Loss", "NotCii", "ReadResult", "UnknownProfile", "build", "canonical", "from_tree", "read", "write", "write_whole"]
