"""Our seals are XAdES for others too: signxml and xmlsec accept them, and refuse them once a byte is changed."""

from __future__ import annotations

import base64

import pytest
import signxml
import xmlsec
from lxml import etree
from signxml.xades import XAdESSignatureConfiguration, XAdESVerifier

from wasl.seal.ca import pem

DS = {"ds": "http://www.w3.org/2000/09/xmldsig#", "xades": "http://uri.etsi.org/01903/v1.3.2#"}
NAMES = ["INV-2026-000001.xml", "فاتورة 1.xml", "a&b <c>.xml"]


@pytest.fixture(params=NAMES)
def seal(home, request):
    return home.seal(name=request.param)


def by_signxml(seal, document, house):
    config = XAdESSignatureConfiguration(expect_references=2, location="./")
    return XAdESVerifier().verify(
        etree.fromstring(seal),
        x509_cert=pem(house.certificate, "CERTIFICATE"),
        uri_resolver=lambda uri: document,
        expect_config=config,
    )


def by_xmlsec(seal, document, house):
    """xmlsec resolves the document through its own input callbacks."""
    root = etree.fromstring(seal)
    properties = root.find(".//xades:SignedProperties", DS)
    xmlsec.tree.add_ids(properties, ["Id"])
    xmlsec.tree.add_ids(root, ["Id"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(pem(house.certificate, "CERTIFICATE").encode(), xmlsec.constants.KeyDataFormatCertPem)
    stream = {"at": 0}

    def read(handle, buffer):
        chunk = document[stream["at"] : stream["at"] + len(buffer)]
        buffer[: len(chunk)] = chunk
        stream["at"] += len(chunk)
        return len(chunk)

    xmlsec.cleanup_callbacks()
    try:
        xmlsec.register_callbacks(lambda uri: True, lambda uri: stream, read, lambda handle: None)
        context.verify(root)
    finally:
        xmlsec.cleanup_callbacks()
        xmlsec.register_default_callbacks()


def test_signxml_accepts_our_seal_as_xades(seal, bundle, home):
    results = by_signxml(seal, bundle.DOCUMENT, home)
    assert len(results) == 2
    assert results[0].signed_data == bundle.DOCUMENT


def test_signxml_refuses_it_over_another_document(seal, bundle, home):
    with pytest.raises(signxml.InvalidDigest):
        by_signxml(seal, bundle.DOCUMENT + b" ", home)


def test_xmlsec_accepts_our_seal(seal, bundle, home):
    by_xmlsec(seal, bundle.DOCUMENT, home)


def test_xmlsec_refuses_it_over_another_document(seal, bundle, home):
    with pytest.raises(xmlsec.VerificationError):
        by_xmlsec(seal, bundle.DOCUMENT + b" ", home)


ALTERED = [(b"SigningTime>2026", b"SigningTime>2025"), (b"text/xml", b"text/xsl"), (b"INV-2026", b"INV-2027")]


@pytest.mark.parametrize(("part", "other"), ALTERED)
def test_both_refuse_an_altered_seal(home, bundle, part, other):
    seal = home.seal()
    changed = seal.replace(part, other)
    assert changed != seal
    with pytest.raises((signxml.InvalidSignature, signxml.InvalidDigest, signxml.InvalidInput)):
        by_signxml(changed, bundle.DOCUMENT, home)
    with pytest.raises((xmlsec.VerificationError, xmlsec.Error)):
        by_xmlsec(changed, bundle.DOCUMENT, home)


def test_t26_the_canonical_forms_we_hash_are_those_of_libxml2(home):
    """Our templates against an independent exclusive C14N of the file itself."""
    from wasl.seal import profile

    seal = home.seal()
    root, fields = etree.fromstring(seal), profile.match(seal)
    for path, template in ((".//ds:SignedInfo", profile.SIGNED_INFO_C14N), (".//xades:SignedProperties", profile.SIGNED_PROPERTIES_C14N)):
        element = root.find(path, DS)
        assert etree.tostring(element, method="c14n", exclusive=True) == profile.fill(template, fields)


def test_the_seal_has_what_baseline_b_demands(home):
    root = etree.fromstring(home.seal())
    assert root.findtext(".//xades:SigningTime", namespaces=DS) == "2026-11-23T09:30:15Z"
    assert root.find(".//xades:DataObjectFormat", DS).get("ObjectReference") == "#" + root.find(".//ds:Reference", DS).get("Id")
    assert base64.b64decode(root.findtext(".//ds:X509Certificate", namespaces=DS)) == home.certificate
    assert root.findtext(".//xades:MimeType", namespaces=DS) == "text/xml"
