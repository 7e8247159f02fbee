"""The certificate of contributions (缴费证明): some months, one by one or put together."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.documents.payload import (
    LOCALES,
    PaperTable,
    Value,
    Words,
    in_both_languages,
    statement_payload,
)
from siweb.documents.typesetting.figure_text import value_text
from siweb.ledgers.certificates.certificate import (
    Asked,
    CertificateRefused,
    Content,
    receipt_of,
    table_of,
)
from siweb.ledgers.certificates.paid_months import (
    PaidMonth,
    count_by_insurance,
    paid_months,
    segments_of,
)
from siweb.ledgers.labels import SHORT_INSURANCES
from siweb.registry.codes import Insurance
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import month_of, months_between, months_through
from siweb.web.language.labels import INSURANCES

# Month by month five years keep within 60 KB; a working life goes in put together.
MOST_BY_MONTHS, MOST_MONTHS = 60, 600
_COMMA: Words = {"zh_Hans": "、", "en": ", "}
_NOTES = (
    _l("Only months that are paid in full stand here, as of the day above."),
    _l("Months that were paid in other regions and not transferred here do not stand here."),
)


def certify_contributions(session: Session, person: Person, asked: Asked, on: date) -> Content:
    """Return the certificate of some months.

    :raises CertificateRefused: "month_order", "month_to_come", "too_many_months",
        "nothing_recorded".
    """
    first, last = asked.from_month, asked.to_month
    if last < first:
        raise CertificateRefused("month_order")
    if last > month_of(on):
        raise CertificateRefused("month_to_come")
    most = MOST_BY_MONTHS if asked.by_months else MOST_MONTHS
    # Both ends count: between the first and the last of sixty months lie fifty-nine.
    if months_between(first, last) >= most:
        raise CertificateRefused("too_many_months", most=most)
    paid = paid_months(session, person.id, list(months_through(first, last)))
    if not paid:
        raise CertificateRefused("nothing_recorded")
    payload = statement_payload(
        receipt_of(
            person, matter=_span(first, last), outcome=_l("Issued"), facts=_facts(paid), on=on
        ),
        tables=[_by_months(paid) if asked.by_months else _by_segments(paid)],
        notes=[in_both_languages(note) for note in _NOTES],
    )
    return Content(payload, first, last)


def insurance_words(insurances: tuple[Insurance, ...]) -> Words:
    """Return the names of insurances in a row, in both languages."""
    names = [in_both_languages(SHORT_INSURANCES[each]) for each in insurances]
    return {locale: _COMMA[locale].join(name[locale] for name in names) for locale in LOCALES}


def _span(first: str, last: str) -> Words:
    return {
        locale: f"{value_text({'month': first}, locale)} – {value_text({'month': last}, locale)}"
        for locale in LOCALES
    }


def _facts(paid: list[PaidMonth]) -> list[tuple[Any, Value]]:
    """Return the totals; they are what the signed code carries, the months first."""
    counts: list[tuple[Any, Value]] = [
        (INSURANCES[insurance.value], {"months": months})
        for insurance, months in count_by_insurance(paid).items()
    ]
    employer = sum(each.employer_fen for each in paid)
    own = sum(each.employee_fen for each in paid)
    return [
        *counts,
        (_l("Employer’s share"), {"fen": employer}),
        (_l("Own share"), {"fen": own}),
        (_l("Together"), {"fen": employer + own}),
    ]


def _payer(employer_name: str) -> Value:
    return employer_name or in_both_languages(_l("Paid by oneself"))


def _by_segments(paid: list[PaidMonth]) -> PaperTable:
    columns = (
        _l("First month"),
        _l("Last month"),
        _l("Employer"),
        _l("Insurances"),
        _l("Number of months"),
        _l("Employer’s share"),
        _l("Own share"),
    )
    rows: list[list[Value]] = [
        [
            {"month": each.first},
            {"month": each.last},
            _payer(each.employer_name),
            insurance_words(each.insurances),
            str(each.months),
            {"amount": each.employer_fen},
            {"amount": each.employee_fen},
        ]
        for each in segments_of(paid)
    ]
    return table_of(_l("Periods, in yuan"), columns, rows, numbers=(4, 5, 6))


def _by_months(paid: list[PaidMonth]) -> PaperTable:
    columns = (
        _l("Month"),
        _l("Employer"),
        _l("Insurances"),
        _l("Monthly base"),
        _l("Employer’s share"),
        _l("Own share"),
    )
    rows: list[list[Value]] = [
        [
            {"month": each.month},
            _payer(each.employer_name),
            insurance_words(each.insurances),
            {"amount": each.base_fen},
            {"amount": each.employer_fen},
            {"amount": each.employee_fen},
        ]
        for each in paid
    ]
    return table_of(_l("Month by month, in yuan"), columns, rows, numbers=(3, 4, 5))
