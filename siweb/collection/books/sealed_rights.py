"""What rights and amounts rest on: declared bases, decided assessments, papers, mandates, packs.

What changes lawfully after it was written (a state, an end, a paper taken back) is sealed as it was
first written; each change is a row of its own.
"""

from sqlalchemy import literal
from sqlalchemy.orm import aliased

from siweb.auth.tables.mandate import Mandate
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.payout import PaymentFile, PaymentFileLine, Payout
from siweb.db.types import OFFICE
from siweb.documents.tables.document import Document
from siweb.ledgers.seals.sealed_book import SealedBook, sealed_book
from siweb.registry.tables.bring_in import BringIn
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.parameter_pack import ParameterPack

_ID = {"id": "a number of the database's own"}
_OF_NO_REGION = literal(OFFICE)


def _declared_bases() -> SealedBook:
    return sealed_book(
        DeclaredBase,
        region=_OF_NO_REGION,
        recorded=DeclaredBase.declared_at,
        # Of two for the same months the one declared last holds.
        key=("person_id", "employer_id", "from_month", "insurance", "base_number"),
        unsealed={
            "declaring_employer_id": "held to the employer by the database",
            "region_code": "no amount and no right goes by it",
        },
        changing=("withdrawn_at",),
    )


def _assessments() -> SealedBook:
    """Return those that were decided: from then on their amounts are what the bill says."""
    return sealed_book(
        Assessment,
        counts=Assessment.decided_at.is_not(None),
        region=Assessment.region_code,
        recorded=Assessment.decided_at,
        key=("reference",),
        changing=(
            "person_id",
            "state",
            "overtaken_on",
            "settled_at",
            "employer_statement",
            "heard_at",
            "heard_by_account_id",
        ),
        unsealed=_ID
        | {
            "document_id": "the paper names its case",
            "report_id": "what was reported decides nothing: the decision does",
            "settles_id": "a settlement is held to what it takes back",
        },
    )


def _papers() -> SealedBook:
    before = aliased(Document, name="before")
    return sealed_book(
        Document,
        source=Document.__table__.outerjoin(before, before.id == Document.supersedes_id),
        region=Document.region_code,
        recorded=Document.issued_at,
        key=("reference",),
        instead={"supersedes_id": {"supersedes": before.reference}},
        changing=("valid_until_on", "revoked_at"),
        unsealed=_ID,
    )


def _mandates() -> SealedBook:
    return sealed_book(
        Mandate,
        region=_OF_NO_REGION,
        recorded=Mandate.granted_at,
        key=("account_id", "employer_id", "id"),
        changing=("revoked_at", "revoked_by_account_id"),
    )


def _packs() -> SealedBook:
    return sealed_book(
        ParameterPack,
        region=_OF_NO_REGION,
        recorded=ParameterPack.imported_at,
        key=("region", "imported_at", "digest"),
        changing=("superseded_at",),
        unsealed=_ID,
    )


def _bring_ins() -> SealedBook:
    """Return the files of an old system: the causes of what they brought."""
    return sealed_book(
        BringIn,
        region=BringIn.region_code,
        recorded=BringIn.recorded_at,
        key=("region_code", "kind", "file_digest", "sequence"),
    )


def _payouts() -> SealedBook:
    return sealed_book(
        Payout,
        region=Payout.region_code,
        recorded=Payout.ordered_at,
        key=("reference",),
        changing=("payee_name", "payee_account", "payee_bank", "state", "reason", "paid_on"),
        unsealed=_ID,
    )


def _payment_files() -> SealedBook:
    return sealed_book(
        PaymentFile,
        region=PaymentFile.region_code,
        recorded=PaymentFile.made_at,
        key=("reference",),
        unsealed=_ID,
    )


def _transactions() -> SealedBook:
    """Return what the bank was told to pay, line by line."""
    line = PaymentFileLine
    source = line.__table__.outerjoin(PaymentFile, PaymentFile.id == line.payment_file_id)
    return sealed_book(
        line,
        source=source.outerjoin(Payout, Payout.id == line.payout_id),
        region=PaymentFile.region_code,
        recorded=PaymentFile.made_at,
        key=("end_to_end",),
        instead={
            "payment_file_id": {"file": PaymentFile.reference},
            "payout_id": {"payout": Payout.reference},
        },
        changing=("state", "reason", "answered_at"),
    )


BOOKS_OF_RIGHTS: tuple[SealedBook, ...] = (
    _declared_bases(),
    _assessments(),
    _papers(),
    _mandates(),
    _packs(),
    _bring_ins(),
    _payouts(),
    _payment_files(),
    _transactions(),
)
