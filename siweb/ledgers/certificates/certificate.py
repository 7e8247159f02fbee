"""What every certificate has in common: who asks for what, and what comes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from siweb.documents.payload import (
    PaperTable,
    ReceiptPayload,
    Value,
    Words,
    in_both_languages,
    receipt_payload,
)
from siweb.documents.tables.document import DocumentKind
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal


class CertificateRefused(Refusal):
    """When there is nothing to certify, or the months asked for are none.

    `code` is "nothing_recorded", "no_pension", "no_benefits", "month_order", "month_to_come",
    "year_to_come", "too_many_months"; "revoked_today": the same paper was issued today, and taken
    back.
    """


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody chose: what a kind does not ask for stays as it is here."""

    year: int = 0
    from_month: str = ""
    to_month: str = ""
    by_months: bool = False


class Content(NamedTuple):
    """What a certificate says, and the months of the record that it shows."""

    payload: ReceiptPayload
    first_month: str
    last_month: str


class Certificate(NamedTuple):
    """A kind that people may ask for.

    `about` says what it is good for, `asks` which fields of the form it has, `make` writes it.
    """

    kind: DocumentKind
    about: Any
    asks: tuple[str, ...]
    make: Callable[[Session, Person, Asked, date], Content]


def receipt_of(
    person: Person,
    *,
    matter: Words,
    outcome: Any,
    facts: Sequence[tuple[Any, Value]],
    on: date,
) -> ReceiptPayload:
    """Return the head of a certificate: whose it is, as of which day, and its totals."""
    return receipt_payload(
        name=person.name,
        id_number=person.id_number,
        matter=matter,
        outcome=in_both_languages(outcome),
        outcome_code="issued",
        decided_on=on,
        facts=[(in_both_languages(label), value) for label, value in facts],
    )


def table_of(
    title: Any, columns: tuple[Any, ...], rows: list[list[Value]], *, numbers: tuple[int, ...] = ()
) -> PaperTable:
    """Return a table of a certificate, its words in both languages."""
    return PaperTable(
        title=in_both_languages(title),
        columns=[in_both_languages(column) for column in columns],
        rows=rows,
        numbers=list(numbers),
    )
