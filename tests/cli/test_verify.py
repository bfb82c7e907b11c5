"""`wasl verify` and `wasl trust` as a person runs them: one clear line, the exit code, no traceback."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from wasl.cli.main import run

_PATH = Path(__file__).parents[1] / "ledger" / "bundle.py"


@pytest.fixture(scope="module")
def bundle():
    spec = importlib.util.spec_from_file_location("wasl_test_bundle_cli", _PATH)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def home(bundle, tmp_path_factory):
    return bundle.house(tmp_path_factory.mktemp("home"))


@pytest.fixture
def files(bundle, home, tmp_path, monkeypatch):
    """invoice.xml with its seal and proof beside it, and a trust store that knows the installation."""
    monkeypatch.setenv("WASL_TRUST_DIR", str(tmp_path / "trust"))
    home.trust(tmp_path / "trust")
    (tmp_path / "invoice.xml").write_bytes(bundle.DOCUMENT)
    (tmp_path / "invoice.xml.xades").write_bytes(home.seal(name="invoice.xml"))
    (tmp_path / "invoice.tlog-proof").write_bytes(home.prove())
    return tmp_path


def pdf_of(attachments):
    document = pikepdf.new()
    document.add_blank_page()
    for name, data in attachments.items():
        spec = pikepdf.AttachedFileSpec(document, data, filename=name, mime_type="text/xml")
        document.attachments[name] = spec
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture
def pdf(files, bundle, home):
    path = files / "INV-1.pdf"
    path.write_bytes(pdf_of({"invoice.xml": bundle.DOCUMENT, "invoice.xml.xades": home.seal(name="invoice.xml")}))
    (files / "INV-1.tlog-proof").write_bytes((files / "invoice.tlog-proof").read_bytes())
    return path


def verified(path, *options, capsys):
    code = run(["verify", str(path), "--json", *options])
    return code, json.loads(capsys.readouterr().out)


def states(body):
    return {step["step"]: step["state"] for step in body["steps"]}


def test_an_xml_with_its_files_beside_it_is_proven(files, capsys):
    code, body = verified(files / "invoice.xml", capsys=capsys)
    assert (code, body["verified"]) == (0, True)
    assert list(states(body)) == ["hash", "seal", "commitment", "inclusion", "log signature", "witnesses", "anchor"]
    assert body["event"]["type"] == "issued"


def test_a_pdf_with_attachments_is_proven(pdf, capsys):
    code, body = verified(pdf, "--offline", capsys=capsys)
    assert (code, body["verified"]) == (0, True)
    assert "picture" in body["notes"][0]["en"]


def test_a_changed_attachment_fails_hash_and_seal(files, pdf, bundle, home, capsys):
    pdf.write_bytes(pdf_of({"invoice.xml": bundle.DOCUMENT.replace(b"100.00", b"900.00"), "invoice.xml.xades": home.seal()}))
    code, body = verified(pdf, capsys=capsys)
    assert code == 1
    assert (states(body)["hash"], states(body)["seal"]) == ("failed", "failed")


def test_a_byte_changed_in_a_packed_attachment_never_gives_0(pdf, capsys):
    data = pdf.read_bytes()
    with pikepdf.open(io.BytesIO(data)) as document:
        packed = [document.attachments[name].obj.EF.F.read_raw_bytes() for name in document.attachments]
    for stream in packed:
        start = data.index(stream)
        for at in range(start, start + len(stream), 7):
            pdf.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            code, body = verified(pdf, capsys=capsys)
            assert code == 1, at
            assert "failed" in states(body).values(), at


def test_two_invoices_in_one_pdf_are_nothing_to_verify(pdf, bundle, home, capsys):
    pdf.write_bytes(pdf_of({"invoice.xml": bundle.DOCUMENT, "factur-x.xml": b"<Invoice/>", "invoice.xml.xades": home.seal()}))
    assert run(["verify", str(pdf)]) == 3
    assert "2 sealed documents" in capsys.readouterr().err


def test_an_xml_beside_the_pdf_that_differs_is_reported(pdf, capsys):
    pdf.with_suffix(".xml").write_bytes(b"<Invoice/>")
    code, body = verified(pdf, capsys=capsys)
    assert code == 0
    assert "not the file beside it" in body["notes"][1]["en"]


@pytest.mark.parametrize(("lang", "words"), [("en", "proven"), ("ar", "مُثبت"), ("both", "and in the log · مُثبت")])
def test_the_outcome_is_said_in_the_chosen_language(files, capsys, lang, words):
    assert run(["verify", str(files / "invoice.xml"), "--lang", lang]) == 0
    assert words in capsys.readouterr().out.splitlines()[0]


def test_seal_and_proof_can_be_named(files, capsys):
    (files / "a.xades").write_bytes((files / "invoice.xml.xades").read_bytes())
    (files / "b.tlog-proof").write_bytes((files / "invoice.tlog-proof").read_bytes())
    (files / "other.xml").write_bytes((files / "invoice.xml").read_bytes())
    assert run(["verify", str(files / "other.xml")]) == 3
    assert run(["verify", str(files / "other.xml"), "--seal", str(files / "a.xades"), "--proof", str(files / "b.tlog-proof")]) == 0


def test_a_missing_proof_is_not_fully_checked(files):
    (files / "invoice.tlog-proof").unlink()
    assert run(["verify", str(files / "invoice.xml")]) == 4


def test_an_unknown_log_is_exit_3(files, capsys, tmp_path):
    assert run(["verify", str(files / "invoice.xml"), "--trust", str(tmp_path / "nobody")]) == 3
    assert "wasl trust add" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("absent.xml", None, 2),
        ("empty.xml", b"", 2),
        ("binary.xml", bytes(range(256)) * 10, 3),
        ("broken.pdf", b"%PDF-1.7\nnot really", 2),
        ("plain.pdf", pdf_of({}), 3),
        ("folder.xml", "folder", 2),
    ],
)
def test_bad_files_give_one_line_and_their_code(files, capsys, name, content, code):
    path = files / name
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    assert run(["verify", str(path)]) == code
    captured = capsys.readouterr()
    assert len((captured.err + captured.out).strip().splitlines()) == 1
    assert "Traceback" not in captured.err + captured.out


@pytest.mark.parametrize(("name", "code"), [("absent.xml", 2), ("lonely.xml", 3)])
def test_json_says_also_what_could_not_be_read(files, capsys, name, code):
    (files / "lonely.xml").write_bytes(b"<Invoice/>")
    got, body = verified(files / name, capsys=capsys)
    assert (got, body["exit_code"], body["verified"]) == (code, code, False)
    assert body["error"]["code"].startswith("WASL-")
    assert body["error"]["ar"] != body["error"]["en"]


@pytest.mark.parametrize("junk", [b"", b"\x00" * 40, b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", b"PK\x03\x04"])
def test_junk_for_seal_or_proof_is_a_failed_step(files, junk, capsys):
    path = files / "junk"
    path.write_bytes(junk)
    for option in ("--seal", "--proof"):
        code = run(["verify", str(files / "invoice.xml"), option, str(path)])
        captured = capsys.readouterr()
        assert code == (1 if junk else 2)
        assert ("failed" in captured.out) is bool(junk)
        assert "root:" not in captured.out


def test_trust_is_added_listed_and_checked_against_a_told_fingerprint(home, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WASL_TRUST_DIR", str(tmp_path / "trust"))
    path = tmp_path / "trust-file.json"
    path.write_bytes(home.installation().encode())
    assert run(["trust", "list"]) == 0
    assert "No installation is trusted yet" in capsys.readouterr().out
    assert run(["trust", "add", str(path), "--fingerprint", "0000"]) == 1
    assert run(["trust", "add", str(path), "--fingerprint", home.installation().fingerprint.upper()]) == 0
    capsys.readouterr()
    assert run(["trust", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["fingerprint"] == home.installation().fingerprint


def test_other_keys_for_a_trusted_log_need_replace(bundle, home, files, capsys, tmp_path):
    other = tmp_path / "other.json"
    other.write_bytes(bundle.house(tmp_path / "other").installation().encode())
    assert run(["trust", "add", str(other)]) == 1
    assert "--replace" in capsys.readouterr().err
    assert run(["trust", "add", str(other), "--replace"]) == 0


_WATCHED = """
import sys
seen = []
NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto")
sys.addaudithook(lambda event, args: seen.append(event) if event in NETWORK else None)
from wasl.cli.main import run
code = run(sys.argv[1:])
print("network:", seen, file=sys.stderr)
raise SystemExit(code)
"""


def test_the_whole_command_touches_no_network(pdf, files):
    """From a cold process, with every import watched."""
    command = [sys.executable, "-c", _WATCHED, "verify", str(pdf)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "WASL_TRUST_DIR": str(files / "trust")})
    assert (done.returncode, done.stderr.strip()) == (0, "network: []")


@pytest.mark.parametrize(
    ("number", "words"),
    [("SA399999999999993", "the document names a seller with VAT number SA399999999999993"), (None, "the document names the seller “Someone Else”")],
)
def test_a_document_that_names_another_seller_than_the_seal_is_not_proven(files, home, capsys, number, words):
    """Another seller of the same installation sealed it: every step holds, and yet it must not pass for that seller's invoice."""
    from wasl.formats import ubl
    from wasl.invoice.model import Invoice, Party

    forged = ubl.write(Invoice(number="1", seller=Party(name="Someone Else", vat_identifier=number)))
    (files / "invoice.xml").write_bytes(forged)
    (files / "invoice.xml.xades").write_bytes(home.seal(forged))
    (files / "invoice.tlog-proof").write_bytes(home.prove(forged))
    code, body = verified(files / "invoice.xml", capsys=capsys)
    assert (code, body["verified"]) == (4, False)
    assert words in body["notes"][0]["en"]
    assert run(["verify", str(files / "invoice.xml"), "--lang", "both"]) == 4
    assert "NOT proven for this seller" in capsys.readouterr().out.splitlines()[0]

