"""A statement proves a paper: any other byte, key or size does not."""

import hashlib
import json

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.documents.proof.base64url import decoded, encoded
from siweb.documents.proof.keys import PublicKey, SoftSigner, published, read_keys, signers_of
from siweb.documents.proof.statement import (
    KIND_ORDER,
    MOST_BYTES,
    NotProved,
    attached_data,
    prove_statement,
    sign_payload,
    signed_statement,
)
from siweb.documents.tables.document import DocumentKind
from siweb.documents.typesetting.qr import proof_qr
from tests.conftest import NOW
from tests.documents.proof.signing import SIGNER, proof_for

KEYS = [SIGNER.public]


@pytest.fixture
def document(issue_statement, paper_of):
    return paper_of(issue_statement())


def test_what_is_signed_is_what_the_paper_says(document):
    found = prove_statement(signed_statement(document, SIGNER), KEYS)

    assert (found.kind, found.reference) == (DocumentKind.RIGHTS_RECORD, document.reference)
    assert (found.name, found.number_end) == (
        document.payload["name"],
        document.payload["id_last4"],
    )
    assert found.totals == (("余额", 987_654),)
    assert found.issuer == document.payload["region"]["zh_Hans"]
    assert found.data_digest == hashlib.sha256(attached_data(document)).digest()
    assert json.loads(attached_data(document))["payload"] == document.payload
    assert not found.is_expired(NOW.date())


def test_another_implementation_writes_the_same_bytes():
    """As pycose 1.1.0 signs the map {1: 2} with the key of these tests; Ed25519 leaves no choice."""
    message = bytes.fromhex(
        "d28443a10127a10448e330724912581aaa43a101025840223a2517bbb0989ed1cbb96fd7d4d0d8a321e49c82dfd7"
        "eff3c00761a816351f985d788da89879ce9954de362c989c9428ffeb1e1a4c1c84ffc5c302488edd0e"
    )

    assert sign_payload(cbor2.dumps({1: 2}), SIGNER) == message


def test_no_other_byte_is_proved(document):
    message = signed_statement(document, SIGNER)

    for place in range(len(message)):
        changed = bytearray(message)
        changed[place] ^= 1
        with pytest.raises(NotProved):
            prove_statement(bytes(changed), KEYS)


@given(st.binary(max_size=400))
def test_noise_is_refused_and_nothing_breaks(noise):
    with pytest.raises(NotProved):
        prove_statement(noise, KEYS)


@pytest.mark.parametrize(
    "message",
    [
        cbor2.dumps([b"", {}, b"", b""]),
        cbor2.dumps(cbor2.CBORTag(18, [cbor2.dumps({1: -7}), {4: SIGNER.key_id}, b"", b""])),
        cbor2.dumps(cbor2.CBORTag(17, [cbor2.dumps({1: -8}), {4: SIGNER.key_id}, b"", b""])),
        cbor2.dumps(cbor2.CBORTag(18, [cbor2.dumps({1: -8}), {}, b"", b""])),
        cbor2.dumps(cbor2.CBORTag(18, [cbor2.dumps({1: -8}), {4: SIGNER.key_id}, 7, b""])),
    ],
)
def test_what_only_looks_like_a_statement_is_none(message):
    with pytest.raises(NotProved) as refused:
        prove_statement(message, KEYS)

    assert refused.value.code == "no_statement"


def test_only_keys_of_the_office_prove(document):
    message = signed_statement(document, SoftSigner("somebody else"))

    with pytest.raises(NotProved) as refused:
        prove_statement(message, KEYS)
    assert refused.value.code == "unknown_key"
    # A key that claims the office's key id proves nothing either.
    forged = message.replace(SoftSigner("somebody else").key_id, SIGNER.key_id)
    with pytest.raises(NotProved) as refused:
        prove_statement(forged, KEYS)
    assert refused.value.code == "wrong_signature"


def test_after_a_new_key_came_older_papers_are_still_proved(document):
    now, before = signers_of("newer,older")
    message = signed_statement(document, before)
    keys = read_keys(published([now, before]))

    assert prove_statement(message, keys).reference == document.reference
    # Taken out, because it was stolen, it proves nothing any more.
    with pytest.raises(NotProved):
        prove_statement(message, read_keys(published([now])))
    assert now.key_id != before.key_id
    assert keys[0] == now.public


@pytest.mark.parametrize(
    "name", ["欧阳娜娜", "阿卜杜热合曼·麦麦提敏·阿布都克里木·艾山江", "A" * 200]
)
def test_the_largest_statement_fits_a_code_that_old_phones_read(document, name):
    many = [
        ({"zh_Hans": f"第{n}项缴费合计金额", "en": "x"}, {"fen": 10**11 + n}) for n in range(12)
    ]
    document.payload = {**document.payload, "name": name, "facts": many}

    proof = proof_for(document)

    assert len(proof.statement) <= MOST_BYTES
    assert proof_qr(proof.qr_text).version <= 15
    found = prove_statement(proof.statement, KEYS)
    assert 1 <= len(found.totals) < 12
    assert found.name
    assert name.startswith(found.name)


def test_every_kind_has_its_number():
    assert set(KIND_ORDER) == set(DocumentKind)


@given(st.binary(max_size=100))
def test_bytes_come_back_from_an_address(data):
    assert decoded(encoded(data)) == data


@pytest.mark.parametrize("text", ["ü", "a", "####", "a b"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match="base64url"):
        decoded(text)


def test_a_key_is_read_from_its_text_and_nothing_else_is():
    assert read_keys(SIGNER.public.text) == KEYS
    assert not PublicKey(b"short").has_signed(b"", b"")
    for wrong in ("", "AAAA", "not a key"):
        with pytest.raises(ValueError):
            read_keys(wrong)
