"""A log's key in its text form."""

from hypothesis import given
from hypothesis import strategies as st

from wasl.ledger.checkpoint import VerifierKey


@given(st.binary(min_size=32, max_size=32))
def test_every_key_reads_back_from_its_text_whatever_base64_makes_of_it(public):
    key = VerifierKey("invoices.example/log", public)

    assert VerifierKey.parse(str(key)) == key
