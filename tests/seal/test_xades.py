"""Our strict verifier: one profile, pinned roots, and every known trick refused with its reason (T23-T28)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from wasl.seal import profile, xades
from wasl.seal.ca import SellerSubject
from wasl.seal.errors import DocumentName, SignatureUnusable
from wasl.seal.signer import ORDER, KeySigner


@pytest.fixture(scope="module")
def seal(home):
    return home.seal()


@pytest.fixture(scope="module")
def check(home, bundle):
    """Verify against the home installation's pinned root and list."""
    roots, crls = (home.ca.root,), (home.crl(),)
    return lambda seal, document=bundle.DOCUMENT, **own: xades.verify(document, seal, **({"roots": roots, "crls": crls} | own))


def test_a_seal_says_who_sealed_what_and_when(check, seal, bundle):
    result = check(seal)
    assert (result.reason, result.name, result.signed_at) == ("ok", "INV-2026-000001.xml", bundle.NOW)
    assert (result.organisation, result.organisation_id) == ("شركة الأفق للاستشارات", "VATSA-300000000000003")


def test_equal_input_gives_equal_fields_but_the_signature(home, bundle):
    one, two = profile.match(home.seal()), profile.match(home.seal())
    assert one._replace(signature="") == two._replace(signature="")


@given(st.text(min_size=1, max_size=60).filter(lambda n: n.isprintable() and not set(n) & set("/\\") and n not in {".", ".."}))
@settings(max_examples=40, deadline=None)
def test_any_plain_file_name_comes_back(home, check, name):
    if len(name.encode()) <= xades.NAME_BYTES_MAX:
        assert check(home.seal(name=name)).name == name


@pytest.mark.parametrize("name", ["", ".", "..", "a/b.xml", "..\\b.xml", "a\nb.xml", "x" * 201, "a\x00b"])
def test_a_name_that_is_no_plain_file_name_is_refused(home, name):
    with pytest.raises(DocumentName):
        home.seal(name=name)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_edit_of_the_file_is_refused(check, seal, data):
    """T23-T26 at large: only the exact bytes count, comments, spaces and namespaces included."""
    start = data.draw(st.integers(0, len(seal)))
    end = data.draw(st.integers(start, min(len(seal), start + 30)))
    inserted = data.draw(st.sampled_from([b"", b" ", b"\r\n", b"<!-- -->", b"&#10;", b"A", b"<?x y?>", b"\x00"]))
    changed = seal[:start] + inserted + seal[end:]
    assert check(changed).ok is (changed == seal)


def edit(seal, old, new):
    assert old in seal
    return seal.replace(old, new)


EXC_C14N = profile.EXC_C14N.encode()
WRAPPINGS = {
    "evil root around the seal": ("wrapped", lambda s: b"<Evil>" + s.strip() + b"</Evil>\n"),
    "second object inside": ("wrapped", lambda s: edit(s, b"</ds:Signature>", b"<ds:Object><Invoice/></ds:Object></ds:Signature>")),
    "second reference": (
        "wrapped",
        lambda s: edit(
            s,
            b"</ds:SignedInfo>",
            b'<ds:Reference URI="other.xml"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
            b"<ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo>",
        ),
    ),
}
IDS = {
    "one Id twice": ("duplicate-id", lambda s: edit(s, b"<ds:KeyInfo>", b'<ds:KeyInfo Id="wasl-properties">')),
}
COMMENTS = {
    "comment inside a value": ("not-ours", lambda s: edit(s, b"2026-11", b"2026<!-- -->-11")),
}
FORMS = {
    "attribute order": (
        "not-ours",
        lambda s: edit(s, b'Id="wasl-document" URI="INV-2026-000001.xml"', b'URI="INV-2026-000001.xml" Id="wasl-document"'),
    ),
    "another prefix": ("not-ours", lambda s: s.replace(b"ds:", b"dsig:").replace(b"xmlns:ds=", b"xmlns:dsig=")),
    "CRLF": ("not-ours", lambda s: edit(s, b"\n", b"\r\n")),
}
DOWNGRADES = {
    "SHA-1 digest": ("algorithm", lambda s: edit(s, b"2001/04/xmlenc#sha256", b"2000/09/xmldsig#sha1")),
    "SHA-1 signature": ("algorithm", lambda s: edit(s, b"xmldsig-more#ecdsa-sha256", b"xmldsig-more#ecdsa-sha1")),
    "HMAC with the public key": ("algorithm", lambda s: edit(s, b"xmldsig-more#ecdsa-sha256", b"xmldsig-more#hmac-sha256")),
    "XSLT transform": (
        "algorithm",
        lambda s: edit(
            s, b'<ds:Transform Algorithm="' + EXC_C14N, b'<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116'
        ),
    ),
    "C14N with comments": (
        "algorithm",
        lambda s: edit(s, b'zationMethod Algorithm="' + EXC_C14N, b'zationMethod Algorithm="' + EXC_C14N + b"WithComments"),
    ),
}
CHANGES = {
    "DOCTYPE": ("doctype", lambda s: b"<!DOCTYPE x [<!ENTITY e 'v'>]>" + s),
    "huge": ("not-ours", lambda s: s + b" " * 20_000),
    "empty": ("not-ours", lambda s: b""),
    "another file": ("not-ours", lambda s: b"\x89PNG\r\n"),
    "changed time": ("properties", lambda s: edit(s, b"2026-11-23T09", b"2026-11-22T09")),
    "impossible time": ("properties", lambda s: edit(s, b"2026-11-23T09", b"2026-13-23T09")),
    "changed name": ("signature", lambda s: edit(s, b"INV-2026-000001", b"INV-2026-000002")),
    "lower-case escape": ("not-ours", lambda s: edit(s, b"INV-2026-000001.xml", b"%d8%a7.xml")),
    "needless escape": ("not-ours", lambda s: edit(s, b"INV-2026-000001.xml", b"%49NV.xml")),
}


@pytest.mark.parametrize(("want", "change"), WRAPPINGS.values(), ids=WRAPPINGS)
def test_t23_a_wrapped_or_extended_seal_is_refused(check, seal, want, change):
    assert check(change(seal)).reason == want


@pytest.mark.parametrize(("want", "change"), IDS.values(), ids=IDS)
def test_t24_a_seal_that_uses_one_id_twice_is_refused(check, seal, want, change):
    assert check(change(seal)).reason == want


@pytest.mark.parametrize(("want", "change"), COMMENTS.values(), ids=COMMENTS)
def test_t25_a_comment_inside_a_value_is_refused(check, seal, want, change):
    assert check(change(seal)).reason == want


@pytest.mark.parametrize(("want", "change"), FORMS.values(), ids=FORMS)
def test_t26_any_other_form_of_the_same_xml_is_refused(check, seal, want, change):
    assert check(change(seal)).reason == want


@pytest.mark.parametrize(("want", "change"), DOWNGRADES.values(), ids=DOWNGRADES)
def test_t27_another_algorithm_is_refused(check, seal, want, change):
    assert check(change(seal)).reason == want


@pytest.mark.parametrize(("want", "change"), CHANGES.values(), ids=CHANGES)
def test_other_changes_are_refused_with_their_reason(check, seal, want, change):
    assert check(change(seal)).reason == want


def test_a_seal_of_another_document_is_refused(check, home, seal):
    assert check(seal, b"<Invoice/>").reason == "other-document"


def test_the_other_s_of_the_same_signature_is_refused(check, seal):
    """(r, n - s) verifies in ECDSA; a seal has one form only."""
    fields = profile.match(seal)
    raw = base64.b64decode(fields.signature)
    twin = raw[:32] + (ORDER - int.from_bytes(raw[32:])).to_bytes(32)
    changed = edit(seal, fields.signature.encode(), base64.b64encode(twin))
    assert check(changed).reason == "signature"


def test_t27_hmac_keyed_with_the_public_key_does_not_pass_as_a_signature(check, seal, home):
    """T27: the classic confusion, with all names left as they are."""
    import hmac

    fields = profile.match(seal)
    public = x509.load_der_x509_certificate(home.certificate).public_key()
    spki = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    tag = hmac.digest(spki, profile.fill(profile.SIGNED_INFO_C14N, fields), "sha256") * 2
    assert check(edit(seal, fields.signature.encode(), base64.b64encode(tag))).reason == "signature"


def test_a_certificate_swapped_in_is_refused(check, seal, home, bundle):
    """Another certificate of the same CA over the same key: the seal names the first by its digest."""
    key = x509.load_der_x509_certificate(home.certificate).public_key()
    other = home.ca.issue(SellerSubject("Other Name", "SA399999999999993", "SA"), key, now=bundle.NOW)
    changed = edit(seal, base64.b64encode(home.certificate), base64.b64encode(other))
    assert check(changed).reason == "certificate-digest"


def resealed(home, certificate, **changes):
    house_signer = home.signer
    signer = KeySigner(house_signer._key, certificate)
    return xades.sign(changes.get("document", b"<I/>"), signer, at=changes["at"], name="i.xml")


def test_t28_a_foreign_certificate_is_refused(check, stranger):
    assert check(stranger.seal()).reason == "foreign"


def test_t28_a_root_that_only_has_the_same_name_is_foreign(check, home, bundle):
    root = x509.load_der_x509_certificate(home.ca.root)
    fake, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    leaf = certificate(issuer=root.subject, signed_by=fake, key=key, start=bundle.NOW - timedelta(days=1))
    sealed = xades.sign(bundle.DOCUMENT, KeySigner(key, leaf), at=bundle.NOW, name="i.xml")
    assert check(sealed).reason == "foreign"


@pytest.mark.parametrize("days", [-31, 365 * 6], ids=["before it began", "after it ended"])
def test_t28_a_certificate_not_in_force_at_the_signing_time_is_refused(check, home, bundle, days):
    sealed = resealed(home, home.certificate, at=bundle.NOW + timedelta(days=days), document=bundle.DOCUMENT)
    assert check(sealed).reason == "expired"


def test_the_time_that_the_log_knows_counts_too(check, seal, bundle):
    """A seal backdated into the certificate's life is refused when the log says that it came later."""
    assert check(seal, at=bundle.NOW + timedelta(days=365 * 6)).reason == "expired"


def test_a_seller_certificate_is_no_root(home, bundle, seal, check):
    assert check(seal, roots=(home.certificate,)).reason == "foreign"


@pytest.mark.parametrize("ca", [True, False], ids=["a CA certificate", "without the right to sign documents"])
def test_a_certificate_that_may_not_seal_is_refused(check, bundle, ca):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    der = certificate(issuer=name, signed_by=key, key=key, start=bundle.NOW, ca=ca, sign=ca)
    assert check(xades.sign(bundle.DOCUMENT, KeySigner(key, der), at=bundle.NOW, name="i.xml")).reason == "certificate"


def certificate(*, issuer, signed_by, key, start, ca=False, sign=True):
    usage = dict.fromkeys(
        ["key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"], False
    )
    return (
        x509.CertificateBuilder()
        .subject_name(issuer)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=sign, content_commitment=sign, **usage), critical=True)
        .sign(signed_by, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


def test_without_a_list_of_the_root_the_seal_is_not_fully_checked(check, seal, stranger):
    assert check(seal, crls=()).reason == "no-revocation-list"
    assert check(seal, crls=(stranger.crl(), b"damaged")).reason == "no-revocation-list"


@pytest.mark.parametrize(
    ("reason", "sealed_later", "want"),
    [
        ("key_compromise", -1, "revoked"),
        ("key_compromise", 1, "revoked"),
        ("superseded", -1, "ok"),
        ("superseded", 1, "revoked"),
        ("cessation_of_operation", 0, "revoked"),
    ],
)
def test_t28_a_revoked_certificate(bundle, tmp_path, reason, sealed_later, want):
    """A compromised key proves nothing at any time; one that went out of use proves what came before."""
    house = bundle.house(tmp_path)
    sealed = house.seal(at=bundle.NOW + timedelta(days=sealed_later))
    crl = house.ca.revoke(house.certificate, reason=reason, now=bundle.NOW)
    assert xades.verify(bundle.DOCUMENT, sealed, roots=(house.ca.root,), crls=(crl,)).reason == want


def test_t28_a_seal_dated_back_before_its_revocation_is_revoked_by_the_time_of_the_log(bundle, tmp_path):
    house = bundle.house(tmp_path)
    sealed = house.seal(at=bundle.NOW - timedelta(days=1))
    crl = house.ca.revoke(house.certificate, reason="superseded", now=bundle.NOW)
    logged = bundle.NOW + timedelta(days=1)
    assert xades.verify(bundle.DOCUMENT, sealed, roots=(house.ca.root,), crls=(crl,), at=logged).reason == "revoked"


def test_an_older_list_is_not_forgotten_when_a_newer_one_omits_the_certificate(bundle, tmp_path):
    house = bundle.house(tmp_path)
    clean = house.ca.crl(now=bundle.NOW + timedelta(days=9))
    revoked = house.ca.revoke(house.certificate, reason="key_compromise", now=bundle.NOW)
    result = xades.verify(bundle.DOCUMENT, house.seal(), roots=(house.ca.root,), crls=(clean, revoked))
    assert result.reason == "revoked"


@pytest.mark.parametrize("answer", [b"", b"x" * 63, bytes(64), ORDER.to_bytes(32) * 2])
def test_a_signer_that_answers_nonsense_is_refused(home, bundle, answer):
    class Broken:
        certificate = home.certificate

        def sign(self, data):
            return answer

    with pytest.raises(SignatureUnusable):
        xades.sign(bundle.DOCUMENT, Broken(), at=datetime(2026, 1, 1, tzinfo=UTC), name="i.xml")


def test_a_signer_with_a_high_s_is_normalised(home, bundle, check):
    class High:
        certificate = home.certificate

        def sign(self, data):
            raw = home.signer.sign(data)
            return raw[:32] + (ORDER - int.from_bytes(raw[32:])).to_bytes(32)

    assert check(xades.sign(bundle.DOCUMENT, High(), at=bundle.NOW, name="i.xml")).ok
