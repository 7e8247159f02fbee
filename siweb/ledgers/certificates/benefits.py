"""What is paid to somebody: the certificate of pension income, and a year's benefits."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.documents.payload import Value, Words, in_both_languages, statement_payload
from siweb.ledgers.benefits.labels import BENEFITS, ENTRIES, STATES
from siweb.ledgers.benefits.months import benefits_of
from siweb.ledgers.certificates.certificate import (
    Asked,
    CertificateRefused,
    Content,
    receipt_of,
    table_of,
)
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import add_months, month_of, months_through

# What a bank or an embassy asks for: a year of it.
_MONTHS = 12
_ENDED = {BenefitState.TERMINATED, BenefitState.SUSPENDED}


class PensionIncome(NamedTuple):
    """What a pension comes to a month, and what was paid of it in each of the last twelve."""

    monthly_fen: int
    from_month: str
    first: str
    last: str
    by_month: Mapping[str, int]

    @property
    def paid_fen(self) -> int:
        """Return what was paid in the twelve months."""
        return sum(self.by_month.values())


def pension_income(session: Session, pension: Benefit, on: date) -> PensionIncome:
    """Return what a pension comes to; nothing a month while it is suspended or has ended."""
    last = month_of(on)
    first = add_months(last, 1 - _MONTHS)
    by_month = dict.fromkeys(months_through(first, last), 0)
    for entry in _entries(session, pension.person_id, first, last):
        # By the day on which money went out:
        # what is held back, or decided and not paid yet, is no income.
        if entry.benefit is BenefitKind.PENSION and entry.paid_on is not None:
            by_month[entry.month] += entry.amount_fen
    # A suspended pension is no income until it is paid again.
    monthly = 0 if pension.state in _ENDED else pension.monthly_fen
    return PensionIncome(monthly, pension.from_month, first, last, by_month)


def certify_pension(session: Session, person: Person, _asked: Asked, on: date) -> Content:
    """Return what the pension comes to a month, and what was paid of it in the last twelve months.

    :raises CertificateRefused: "no_pension" when none was ever decided.
    """
    benefits = {each.kind: each for each in benefits_of(session, person.id)}
    pension = benefits.get(BenefitKind.PENSION)
    if pension is None:
        raise CertificateRefused("no_pension")
    income = pension_income(session, pension, on)
    paid: list[list[Value]] = [
        [{"month": month}, {"amount": fen}] for month, fen in income.by_month.items() if fen
    ]
    facts: list[tuple[Any, Value]] = [
        (_l("Pension a month"), {"fen": income.monthly_fen}),
        (_l("Paid in the last twelve months"), {"fen": income.paid_fen}),
        (_l("First month paid for"), {"month": pension.from_month}),
        (_l("State"), in_both_languages(STATES[pension.state])),
    ]
    columns = (_l("Month"), ENTRIES[BenefitEntryKind.PAID])
    payload = statement_payload(
        receipt_of(
            person,
            matter=in_both_languages(BENEFITS[BenefitKind.PENSION]),
            outcome=_l("Issued"),
            facts=facts,
            on=on,
        ),
        tables=[table_of(_l("Paid, in yuan"), columns, paid, numbers=(1,))] if paid else [],
    )
    return Content(payload, income.first, income.last)


def state_benefits(session: Session, person: Person, asked: Asked, on: date) -> Content:
    """Return everything that was paid, held back or settled of a person's benefits in a year.

    :raises CertificateRefused: "no_benefits" when there is nothing to state of the year.
    """
    first, last = f"{asked.year:04}-01", f"{asked.year:04}-12"
    entries = _entries(session, person.id, first, last)
    if not entries:
        raise CertificateRefused("no_benefits")
    facts: list[tuple[Any, Value]] = []
    for benefit in BenefitKind:
        paid = [each for each in entries if each.benefit is benefit and each.paid_on is not None]
        if paid:
            facts.append((BENEFITS[benefit], {"fen": sum(each.amount_fen for each in paid)}))
    columns = (_l("Month"), _l("Benefit"), _l("What"), _l("Amount"), _l("Paid on"))
    rows: list[list[Value]] = [
        [
            {"month": each.month},
            in_both_languages(BENEFITS[each.benefit]),
            in_both_languages(ENTRIES[each.kind]),
            {"amount": each.amount_fen},
            "" if each.paid_on is None else {"day": each.paid_on.isoformat()},
        ]
        for each in entries
    ]
    payload = statement_payload(
        receipt_of(person, matter=_year(asked.year), outcome=_l("Issued"), facts=facts, on=on),
        tables=[table_of(_l("Amounts of the year, in yuan"), columns, rows, numbers=(3,))],
        notes=[in_both_languages(_l("The sums above are what was paid; what is held back is not."))]
        if any(each.kind is BenefitEntryKind.HELD for each in entries)
        else [],
    )
    return Content(payload, first, last)


def _year(year: int) -> Words:
    return {"zh_Hans": f"{year}年", "en": str(year)}


def _entries(session: Session, person_id: int, first: str, last: str) -> list[BenefitEntry]:
    return list(
        session.scalars(
            select(BenefitEntry)
            .where(
                is_of(BenefitEntry.person_id, person_id), BenefitEntry.month.between(first, last)
            )
            .order_by(
                BenefitEntry.month,
                BenefitEntry.benefit,
                BenefitEntry.recorded_at,
                BenefitEntry.sequence,
            )
        )
    )
