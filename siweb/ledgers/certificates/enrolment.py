"""The certificate of enrolment (参保证明): in what somebody takes part today, and did before."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.documents.payload import LOCALES, Value, Words, in_both_languages, statement_payload
from siweb.documents.typesetting.figure_text import day_text
from siweb.ledgers.certificates.certificate import (
    Asked,
    CertificateRefused,
    Content,
    receipt_of,
    table_of,
)
from siweb.ledgers.certificates.contributions import insurance_words
from siweb.ledgers.record.same_name import code_ends, named_apart
from siweb.ledgers.record.year import EnrolmentSpan, load_enrolments
from siweb.ledgers.record.years import load_years
from siweb.registry.codes import Insurance
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region
from siweb.rules.calendar.months import month_of
from siweb.web.language.labels import INSURANCES, SCHEMES

_COLUMNS = (
    _l("Insurance"),
    _l("As"),
    _l("Employer"),
    _l("Region"),
    _l("First month"),
    _l("Last month"),
)
# A working life of many jobs in five insurances; the latest stand on the paper.
_MOST_ROWS = 60


def certify_enrolment(session: Session, person: Person, _asked: Asked, on: date) -> Content:
    """Return the certificate of enrolment as of a day.

    :raises CertificateRefused: "nothing_recorded" when there never was an enrolment.
    """
    spans = load_enrolments(session.connection(), person.id)
    if not spans:
        raise CertificateRefused("nothing_recorded")
    years, this_month = load_years(session, person.id, on=on), month_of(on)
    now = {span.insurance for span in spans if span.covers(this_month)}
    insured = tuple(insurance for insurance in Insurance if insurance in now)
    none = in_both_languages(_l("in no insurance"))
    facts: list[tuple[Any, Value]] = [
        (_l("Insured today"), insurance_words(insured) if insured else none)
    ]
    facts += [
        (INSURANCES[insurance.value], {"months": months})
        for insurance in Insurance
        if (months := years.paid(insurance))
    ]
    regions = _regions(session, spans)
    # Open ones first, however long ago they began: they are what the paper is asked for.
    latest = sorted(spans, key=lambda span: (span.to_month is None, span.from_month), reverse=True)
    ends = code_ends((span.employer_id, span.employer_name, span.employer_uscc) for span in spans)
    rows = [_row(span, regions, ends) for span in latest[:_MOST_ROWS]]
    notes = [in_both_languages(_l("The months beside an insurance are those paid in full here."))]
    if len(latest) > _MOST_ROWS:
        notes.append(in_both_languages(_l("Earlier enrolments are left out.")))
    payload = statement_payload(
        receipt_of(person, matter=_as_of(on), outcome=_l("Issued"), facts=facts, on=on),
        tables=[table_of(_l("Enrolments"), _COLUMNS, rows)],
        notes=notes,
    )
    return Content(payload, min(span.from_month for span in spans), this_month)


def _row(span: EnrolmentSpan, regions: dict[str, Words], ends: dict[int, str]) -> list[Value]:
    still = in_both_languages(_l("today"))
    return [
        in_both_languages(INSURANCES[span.insurance.value]),
        in_both_languages(SCHEMES[span.scheme.value]),
        named_apart(span.employer_name, ends.get(span.employer_id or 0, "")),
        regions[span.region_code],
        {"month": span.from_month},
        still if span.to_month is None else {"month": span.to_month},
    ]


def _regions(session: Session, spans: tuple[EnrolmentSpan, ...]) -> dict[str, Words]:
    codes = {span.region_code for span in spans}
    found = session.scalars(select(Region).where(Region.code.in_(sorted(codes))))
    return {region.code: {"zh_Hans": region.name_zh, "en": region.name_en} for region in found}


def _as_of(on: date) -> Words:
    sentence = in_both_languages(_l("Enrolment as of %(day)s"))
    return {locale: sentence[locale] % {"day": day_text(on, locale)} for locale in LOCALES}
