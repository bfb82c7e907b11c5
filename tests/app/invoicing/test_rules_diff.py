"""`wasl rules diff --stored`: which issued invoices a new release would judge differently."""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest

from wasl.cli import installation
from wasl.cli.main import run

pytestmark = pytest.mark.django_db
SHEET = """<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">
<ns prefix="ubl" uri="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>
<ns prefix="cbc" uri="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"/>
<pattern><rule context="ubl:Invoice"><assert id="HOUSE-1" flag="fatal" test="%s">x</assert></rule></pattern></schema>"""


def test_the_invoices_of_the_installation_are_judged_by_both_sheets(org, issued, capsysbinary, monkeypatch, tmp_path):
    monkeypatch.setattr(installation, "opened", lambda *_, **__: nullcontext())  # the database of the test is open
    (tmp_path / "old.sch").write_text(SHEET % "cbc:ID")
    (tmp_path / "new.sch").write_text(SHEET % "cbc:UUID")
    assert run(["rules", "diff", str(tmp_path / "old.sch"), str(tmp_path / "new.sch"), "--stored", "--json"]) == 0
    found = json.loads(capsysbinary.readouterr().out)["invoices"]
    assert (found["judged"], found["other"]) == (1, 0)
    assert found["different"] == [
        {
            "name": f"{org.slug}/{issued.number}",
            "valid": {"old": True, "new": False},
            "only_old": [],
            "only_new": [{"rule": "HOUSE-1", "xpath": "/ubl:Invoice"}],
        }
    ]
