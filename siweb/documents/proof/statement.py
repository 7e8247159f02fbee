"""The signed statement in a paper's QR code: COSE_Sign1 (RFC 9052) over a CBOR map of its essence.

It is small enough for a code that an old phone reads (330 bytes, version 15): what the paper is,
whose, the totals that matter, and the SHA-256 of the data that the PDF carries. Both together
prove the paper without the office.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import cbor2

from siweb.clock import office_day
from siweb.documents.kinds import PAPER_KINDS
from siweb.documents.payload import Value
from siweb.documents.proof.keys import PublicKey, Signer
from siweb.documents.tables.document import Document, DocumentKind
from siweb.rules.errors import Refusal

# A QR code of 77 modules, 0.4 mm each: denser ones phones do not read from a printed paper.
MOST_BYTES = 330
# RFC 9052: the tag of COSE_Sign1, and the names of algorithm and key in its headers.
_SIGN1, _ALGORITHM, _KEY_ID, _EDDSA = 18, 1, 4, -8
# Days since then are three bytes in CBOR, a written date eleven.
_DAY_ZERO = date(2000, 1, 1)
# In bytes of UTF-8: twenty Chinese characters, and eight.
_LONGEST_NAME, _LONGEST_LABEL = 60, 24
# There is room for one language in the code.
_LANGUAGE = "zh_Hans"
# A kind is written as its place here: it never gets another meaning.
KIND_ORDER = tuple(PAPER_KINDS)
ISSUER, KIND, REFERENCE, ISSUED, UNTIL, NAME, END, TOTALS, DIGEST, COUNTS = range(1, 11)
"""The keys of the map; the counts came later, and readers of before do not miss them."""
_PART_OF_UNIT = {"fen": TOTALS, "amount": TOTALS, "months": COUNTS}


class NotProved(Refusal):
    """A code that is no statement, or that none of the keys has signed."""


class PaperStatement(NamedTuple):
    """What is signed of a paper; of totals (label, fen) and counts (label, months) what fits."""

    issuer: str
    kind: DocumentKind
    reference: str
    issued_on: date
    valid_until_on: date | None
    name: str
    number_end: str
    totals: tuple[tuple[str, int], ...]
    data_digest: bytes
    counts: tuple[tuple[str, int], ...] = ()

    def is_expired(self, on: date) -> bool:
        """Return whether the last day of the paper is past."""
        return self.valid_until_on is not None and on > self.valid_until_on


def attached_data(document: Document) -> bytes:
    """Return the data that a paper carries: canonical JSON, the same bytes for the same paper."""
    until = document.valid_until_on
    data = {
        "kind": document.kind.value,
        "reference": document.reference,
        "version": document.version,
        "issued_on": office_day(document.issued_at).isoformat(),
        "valid_until": until.isoformat() if until else None,
        "payload": document.payload,
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def signed_statement(document: Document, signer: Signer) -> bytes:
    """Return the statement of a paper, signed; at most `MOST_BYTES`.

    Totals that have no room are left out, the last first: the digest covers them all the same.
    """
    payload = document.payload
    totals = _totals(payload.get("facts", ()))
    essence: dict[int, Any] = {
        ISSUER: _words(payload.get("region") or ""),
        KIND: KIND_ORDER.index(document.kind),
        REFERENCE: document.reference,
        ISSUED: (office_day(document.issued_at) - _DAY_ZERO).days,
        NAME: _cut(payload["name"], _LONGEST_NAME),
        END: payload["id_last4"],
        DIGEST: hashlib.sha256(attached_data(document)).digest(),
    }
    if document.valid_until_on is not None:
        essence[UNTIL] = (document.valid_until_on - _DAY_ZERO).days
    for count in range(len(totals), -1, -1):
        shown: dict[int, Any] = {}
        for part, label, number in totals[:count]:
            shown.setdefault(part, []).append([label, number])
        message = sign_payload(cbor2.dumps(essence | shown, canonical=True), signer)
        if len(message) <= MOST_BYTES:
            break
    return message


def prove_statement(message: bytes, keys: Sequence[PublicKey]) -> PaperStatement:
    """Return what a code states, when one of some keys has signed it.

    :raises NotProved: "no_statement", "unknown_key", "wrong_signature".
    """
    payload = open_message(message, keys)
    try:
        return _statement(cbor2.loads(payload))
    except (cbor2.CBORError, KeyError, IndexError, TypeError, ValueError, OverflowError) as wrong:
        raise NotProved("no_statement") from wrong


def open_message(message: bytes, keys: Sequence[PublicKey], purpose: bytes = b"") -> bytes:
    """Return the payload of a message, when one of some keys has signed it for this purpose.

    :raises NotProved: "no_statement", "unknown_key", "wrong_signature".
    """
    protected, key_id, payload, signature = _parts(message)
    named = [key for key in keys if key.key_id == key_id]
    if not named:
        raise NotProved("unknown_key")
    if not any(key.has_signed(signature, _to_sign(protected, payload, purpose)) for key in named):
        raise NotProved("wrong_signature")
    return payload


def sign_payload(payload: bytes, signer: Signer, purpose: bytes = b"") -> bytes:
    """Return the COSE_Sign1 message over a payload (RFC 9052, 4.2).

    What is signed for one purpose proves nothing for another: it is the external data of RFC 9052.
    """
    protected = cbor2.dumps({_ALGORITHM: _EDDSA}, canonical=True)
    signature = signer.sign(_to_sign(protected, payload, purpose))
    parts = [protected, {_KEY_ID: signer.key_id}, payload, signature]
    return cbor2.dumps(cbor2.CBORTag(_SIGN1, parts))


def _to_sign(protected: bytes, payload: bytes, purpose: bytes) -> bytes:
    """Return the Sig_structure of RFC 9052, 4.4."""
    return cbor2.dumps(["Signature1", protected, purpose, payload])


def _parts(message: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    try:
        tagged = cbor2.loads(message)
        protected, headers, payload, signature = tagged.value
        # One algorithm and no other: a message must not choose how it is proved.
        is_ours = tagged.tag == _SIGN1 and cbor2.loads(protected) == {_ALGORITHM: _EDDSA}
        key_id = headers[_KEY_ID]
    except (cbor2.CBORError, AttributeError, LookupError, TypeError, ValueError) as wrong:
        raise NotProved("no_statement") from wrong
    if not is_ours or not all(
        isinstance(part, bytes) for part in (protected, key_id, payload, signature)
    ):
        raise NotProved("no_statement")
    return protected, key_id, payload, signature


def _statement(essence: dict[int, Any]) -> PaperStatement:
    until = essence.get(UNTIL)
    return PaperStatement(
        str(essence[ISSUER]),
        KIND_ORDER[essence[KIND]],
        str(essence[REFERENCE]),
        _DAY_ZERO + timedelta(days=essence[ISSUED]),
        None if until is None else _DAY_ZERO + timedelta(days=until),
        str(essence[NAME]),
        str(essence[END]),
        tuple((str(label), int(fen)) for label, fen in essence.get(TOTALS, ())),
        bytes(essence[DIGEST]),
        tuple((str(label), int(months)) for label, months in essence.get(COUNTS, ())),
    )


def _totals(facts: Sequence[tuple[Any, Value]]) -> list[tuple[int, str, int]]:
    """Return amounts and months among the facts of a paper, in their order, with their part."""
    found: list[tuple[int, str, int]] = []
    for label, value in facts:
        if isinstance(value, dict):
            text = _cut(_words(label), _LONGEST_LABEL)
            units = _PART_OF_UNIT.keys() & value.keys()
            found += [(_PART_OF_UNIT[unit], text, int(value[unit])) for unit in units]
    return found


def _words(value: Any) -> str:
    return str(value.get(_LANGUAGE, "")) if isinstance(value, dict) else str(value)


def _cut(text: str, most: int) -> str:
    """Return the beginning of a text that has at most so many bytes, whole characters only."""
    return text.encode()[:most].decode(errors="ignore")
