"""The installation's certificates and lists, and the fields of tax QR codes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from wasl.seal import tlv
from wasl.seal.ca import InstallationCA, SellerSubject
from wasl.seal.errors import CertificateSubject, TagInvalid, TagTooLong


def issued(home, bundle, subject):
    key = home.keystore.create_seal_key("seller-2")
    return x509.load_der_x509_certificate(home.ca.issue(subject, key, now=bundle.NOW))


def attribute(certificate, oid):
    return certificate.subject.get_attributes_for_oid(oid)[0].value


def test_a_seller_certificate_names_the_seller_and_its_vat_number(home, bundle):
    certificate = issued(home, bundle, SellerSubject("شركة المثال المحدودة", "SA310122393500003", "SA"))
    assert attribute(certificate, NameOID.ORGANIZATION_NAME) == "شركة المثال المحدودة"
    assert attribute(certificate, NameOID.ORGANIZATION_IDENTIFIER) == "VATSA-310122393500003"
    assert attribute(certificate, NameOID.COUNTRY_NAME) == "SA"
    certificate.verify_directly_issued_by(x509.load_der_x509_certificate(home.ca.root))
    assert certificate.not_valid_before_utc == bundle.NOW


def test_a_long_name_ends_visibly(home, bundle):
    name = attribute(issued(home, bundle, SellerSubject("اسم " * 40)), NameOID.ORGANIZATION_NAME)
    assert len(name) == 64
    assert name.endswith("…")


UNFIT = [SellerSubject(" "), SellerSubject("a\nb"), SellerSubject("a", None, "SAU"), SellerSubject("a", "x" * 70)]


@pytest.mark.parametrize("subject", UNFIT)
def test_a_subject_that_does_not_fit_is_refused(home, bundle, subject):
    with pytest.raises(CertificateSubject):
        issued(home, bundle, subject)


def test_the_root_is_made_once_and_may_only_sign_certificates_and_lists(home, bundle):
    again = InstallationCA(home.folder / "ca", home.keystore, installation="other", now=bundle.NOW)
    root = x509.load_der_x509_certificate(home.ca.root)
    usage = root.extensions.get_extension_for_class(x509.KeyUsage).value
    assert again.root == home.ca.root
    assert (usage.key_cert_sign, usage.crl_sign, usage.digital_signature) == (True, True, False)
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert home.ca.root_pem.startswith("-----BEGIN CERTIFICATE-----\n")


def test_two_processes_that_start_at_once_share_one_root(bundle, tmp_path, monkeypatch):
    """The second saw no root either, and finds the first one's when it writes."""
    house = bundle.house(tmp_path)
    monkeypatch.setattr("pathlib.Path.exists", lambda path: False)
    second = InstallationCA(tmp_path / "ca", house.keystore, installation="late", now=bundle.NOW)
    assert second.root == house.ca.root


def test_a_revocation_is_dated_now_and_kept(bundle, tmp_path):
    house = bundle.house(tmp_path)
    serial = x509.load_der_x509_certificate(house.certificate).serial_number
    assert len(x509.load_der_x509_crl(house.crl())) == 0
    house.ca.revoke(house.certificate, reason="superseded", now=bundle.NOW)
    later = house.ca.revoke(house.certificate, reason="key_compromise", now=bundle.NOW + timedelta(days=9))
    entry = x509.load_der_x509_crl(later).get_revoked_certificate_by_serial_number(serial)
    assert entry.revocation_date_utc == bundle.NOW
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason == x509.ReasonFlags.superseded


def test_the_five_saudi_fields():
    """The worked example of the Saudi security features guideline: seller, VAT number, time, total, VAT."""
    data = tlv.encode({1: "Bobs Records", 2: "310122393500003", 3: "2022-04-25T15:30:00Z", 4: "1000.00", 5: "150.00"})
    assert data.hex() == (
        "010c426f6273205265636f726473" "020f333130313232333933353030303033" "0314323032322d30342d32355431353a33303a30305a"
        "0407313030302e3030" "05063135302e3030"
    )  # fmt: skip
    assert tlv.decode(data)[1] == b"Bobs Records"


@given(st.dictionaries(st.integers(1, 255), st.text(max_size=60), max_size=9))
def test_fields_round_trip(tags):
    ordered = dict(sorted(tags.items()))
    assert tlv.decode(tlv.encode(ordered)) == {tag: text.encode() for tag, text in ordered.items()}


def test_arabic_counts_in_bytes_and_is_never_cut():
    assert len(tlv.encode({1: "س" * 127})) == 2 + 254
    with pytest.raises(TagTooLong, match="256 bytes"):
        tlv.encode({1: "س" * 128})


@pytest.mark.parametrize("tags", [{0: "x"}, {256: "x"}, {2: "x", 1: "y"}])
def test_tags_out_of_range_or_order_are_refused(tags):
    with pytest.raises(TagInvalid):
        tlv.encode(tags)


@pytest.mark.parametrize("data", [b"\x01", b"\x01\x05abc", b"\x01\x00\x01\x00", b"\x02\x00\x01\x00"])
def test_a_damaged_code_is_refused(data):
    with pytest.raises(TagInvalid):
        tlv.decode(data)
