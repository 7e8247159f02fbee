"""The yearly statement of rights (个人权益记录单, SIL 74): what the record says on a day."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.clock import office_day
from siweb.documents.issue import IssuedDocument, content_hash, issue_document
from siweb.documents.kinds import PAPER_KINDS
from siweb.documents.payload import (
    PaperTable,
    StatementPayload,
    Value,
    Words,
    in_both_languages,
    receipt_payload,
    statement_payload,
)
from siweb.documents.tables.document import DocumentKind
from siweb.ledgers.account.year import AccountYear, InterestState, load_account
from siweb.ledgers.labels import MARKS
from siweb.ledgers.record.year import YearRecord, load_year
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import Refusal
from siweb.web.language.labels import INSURANCES

# 96 bits: no two statements meet by chance, and the subject keeps within its 64 characters.
_DIGEST = 24


class NothingRecorded(Refusal):
    """When the person was neither insured nor recorded in the year."""


class StatementRevoked(Refusal):
    """When the same statement was issued today and taken back: tomorrow's is another paper."""


def issue_statement(
    session: Session, person_id: int, year: int, *, secret: str, actor: Actor, at: datetime
) -> IssuedDocument:
    """Return the statement of a year as it stands; asked for twice on a day it is the same one.

    :raises NothingRecorded: when there is nothing to state.
    :raises StatementRevoked: "revoked_today", when today's was taken back.
    """
    on = office_day(at)
    person = session.get_one(Person, person_id)
    record = load_year(session, person_id, year, on=on)
    if record.is_empty:
        raise NothingRecorded("nothing_recorded")
    payload = statement_of(person, record, load_account(session, person_id, year), on)
    issued = issue_document(
        session,
        kind=DocumentKind.RIGHTS_RECORD,
        # What it says is part of its name: a record that changed today gives another paper.
        subject=("record_year", f"{person_id}/{year}/{content_hash(payload)[:_DIGEST]}"),
        person_id=person_id,
        region_code=person.region_code,
        payload=payload,
        secret=secret,
        at=at,
        actor=actor,
        valid_days=PAPER_KINDS[DocumentKind.RIGHTS_RECORD].valid_days,
    )
    if issued.is_revoked:
        raise StatementRevoked("revoked_today")
    return issued


def statement_of(
    person: Person, record: YearRecord, account: AccountYear, on: date
) -> StatementPayload:
    """Return what the statement of a year says on a day."""
    year = str(record.year)
    return statement_payload(
        receipt_payload(
            name=person.name,
            id_number=person.id_number,
            matter={"zh_Hans": f"{year}年", "en": year},
            outcome=in_both_languages(_l("Issued")),
            outcome_code="issued",
            decided_on=on,
            facts=_account_facts(account),
        ),
        tables=[_sums(record), _months(record)],
        notes=_notes(account, on),
    )


def _account_facts(account: AccountYear) -> list[tuple[Words, Value]]:
    is_open = account.interest is InterestState.NONE
    interest: Value = (
        in_both_languages(_l("added at the end of the year"))
        if is_open
        else {"fen": account.interest_fen}
    )
    facts: list[tuple[Words, Value]] = [
        (in_both_languages(_l("Individual account at the start")), {"fen": account.opening_fen}),
        (in_both_languages(_l("Paid in")), {"fen": account.credits_fen}),
        (in_both_languages(_l("Interest")), interest),
    ]
    if account.transfers_fen:
        facts.append((in_both_languages(_l("Transfers")), {"fen": account.transfers_fen}))
    facts.append((in_both_languages(_l("Balance")), {"fen": account.closing_fen}))
    return facts


def _sums(record: YearRecord) -> PaperTable:
    columns = (
        _l("Insurance"),
        _l("Months paid"),
        _l("Last base"),
        _l("Employer’s share"),
        _l("Own share"),
        _l("Not paid yet"),
    )
    rows: list[list[Value]] = [
        [
            in_both_languages(INSURANCES[line.insurance.value]),
            str(line.months_paid),
            {"amount": line.latest.base_fen if line.latest else 0},
            {"amount": line.employer_fen},
            {"amount": line.employee_fen},
            {"amount": line.unpaid_fen},
        ]
        for line in record.insurances
    ]
    rows.append(
        [
            in_both_languages(_l("Together")),
            "",
            "",
            {"amount": record.employer_fen},
            {"amount": record.employee_fen},
            {"amount": record.unpaid_fen},
        ]
    )
    return PaperTable(
        title=in_both_languages(_l("Contributions of the year, in yuan")),
        columns=[in_both_languages(heading) for heading in columns],
        rows=rows,
        numbers=[1, 2, 3, 4, 5],
    )


def _months(record: YearRecord) -> PaperTable:
    states = {state: in_both_languages(words.says) for state, words in MARKS.items()}
    names: list[Any] = [INSURANCES[line.insurance.value] for line in record.insurances]
    return PaperTable(
        title=in_both_languages(_l("Month by month")),
        columns=[in_both_languages(heading) for heading in (_l("Month"), *names)],
        rows=[
            [{"month": marks[0].month}, *(states[mark.state] for mark in marks)]
            for marks in zip(*(line.months for line in record.insurances), strict=True)
        ],
        numbers=[],
    )


def _notes(account: AccountYear, on: date) -> list[Words]:
    notes = []
    if account.interest is InterestState.PROVISIONAL:
        notes.append(
            in_both_languages(
                _l("The interest is provisional until the rate of the year is published.")
            )
        )
    if str(account.year) == month_of(on)[:4]:
        notes.append(in_both_languages(_l("The year is not over yet.")))
    notes.append(
        in_both_languages(
            _l("If something is wrong, object in the annual review or at the agency; it is free.")
        )
    )
    return notes
