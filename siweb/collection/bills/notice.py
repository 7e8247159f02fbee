"""The bill as a paper (缴费通知单): what is due, until when, and how it is paid."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.clock import office_day
from siweb.collection.bills.find import WholeBill
from siweb.collection.bills.labels import KINDS
from siweb.collection.bills.people import BilledPerson
from siweb.collection.payments.bank_reference import printed
from siweb.collection.tables.bill import Bill, BillKind
from siweb.documents.issue import IssuedDocument, content_hash, issue_document
from siweb.documents.payload import (
    LOCALES,
    PaperTable,
    StatementPayload,
    Value,
    Words,
    for_employer,
    in_both_languages,
    receipt_payload,
    statement_payload,
)
from siweb.documents.tables.document import DocumentKind
from siweb.documents.typesetting.figure_text import amount_text, value_text, with_figures
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.rules.numbers.money import capital_numerals
from siweb.web.language.labels import INSURANCES

# So many people are listed on the paper; of more than these the spreadsheet has the list.
MOST_PEOPLE = 60
# 96 bits of the content: issued anew when it says something else, the same paper when not.
_DIGEST = 24
_BETWEEN = {"zh_Hans": "、", "en": ", "}
_LAST = 4
_LATE = _l(
    "Paid late, %(rate)s a day is added from the day after the last day to pay (Social Insurance "
    "Law, Article 86). The employer bears it, never the employee."
)
_LATE_BY_MONTH = _l(
    "A late fee of %(rate)s a day is added for each month from its own due day until it is paid "
    "(Social Insurance Law, Article 86). The employer bears it, never the employee."
)
_OWN_LATE = _l(
    "A month that is not paid by its last day counts as an unpaid month: nothing is owed, and "
    "nothing is added."
)
_PROVISIONAL = _l(
    "Provisional until the notice: the figures of this payment year are not published yet. The "
    "difference is billed or credited when they are."
)
_TAX = _l(
    "The tax office collects: %(insurances)s. Pay that there, in its app or at its counter; the "
    "reference names this bill."
)


def give_bill(
    session: Session,
    whole: WholeBill,
    people: list[BilledPerson],
    account: str,
    *,
    actor: Actor,
    at: datetime,
    secret: str,
) -> IssuedDocument:
    """Return the paper of a bill as it stands on the day; the same one while nothing changes.

    `account` is the one into which bills are paid; empty when the office names none.
    """
    bill = whole.bill
    payload = _payload(session, whole, people, account)
    return issue_document(
        session,
        kind=DocumentKind.BILL_NOTICE,
        subject=("bill", f"{bill.id}/{content_hash(payload)[:_DIGEST]}"),
        person_id=bill.person_id,
        employer_id=bill.employer_id,
        region_code=bill.region_code,
        payload=payload,
        secret=secret,
        at=at,
        actor=actor,
    )


def _payload(
    session: Session, whole: WholeBill, people: list[BilledPerson], account: str
) -> StatementPayload:
    name, number = _payer(session, whole.bill)
    is_employers = whole.bill.employer_id is not None
    receipt = receipt_payload(
        name=name,
        id_number=number,
        matter=_matter(whole),
        outcome=in_both_languages(KINDS[whole.bill.kind]),
        outcome_code="billed",
        decided_on=_decided_on(whole),
        facts=_facts(whole, account),
    )
    payload = statement_payload(
        receipt,
        tables=[_insurances(whole), *([_people(people)] if people else [])],
        notes=_notes(whole),
    )
    return for_employer(payload, number) if is_employers else payload


def _notes(whole: WholeBill) -> list[Words]:
    notes = [_late_words(whole)]
    if whole.provisional:
        notes.insert(0, in_both_languages(_PROVISIONAL))
    if whole.by_tax_office:
        names = [
            in_both_languages(INSURANCES[insurance.value]) for insurance in whole.by_tax_office
        ]
        sentence = in_both_languages(_TAX)
        notes.append(
            {
                locale: words
                % {"insurances": _BETWEEN[locale].join(name[locale] for name in names)}
                for locale, words in sentence.items()
            }
        )
    return notes


def _late_words(whole: WholeBill) -> Words:
    if whole.bill.employer_id is None:
        return in_both_languages(_OWN_LATE)
    sentence = _LATE_BY_MONTH if whole.facts.months else _LATE
    return with_figures(in_both_languages(sentence), rate={"ppm": whole.terms.daily_rate})


def _payer(session: Session, bill: Bill) -> tuple[str, str]:
    """Return a payer's name and number."""
    if bill.employer_id is not None:
        employer = session.get_one(Employer, bill.employer_id)
        return employer.name, employer.uscc
    person = session.get_one(Person, bill.person_id)
    return person.name, person.id_number


def _decided_on(whole: WholeBill) -> date:
    """Return the day the paper speaks of: today only where something depends on it."""
    issued_at = whole.bill.issued_at
    # Else each day would make another paper of a bill that says the same.
    return whole.now.on if whole.now.late_fee_fen or issued_at is None else office_day(issued_at)


def _matter(whole: WholeBill) -> Words:
    bill = whole.bill
    months = {}
    for locale in LOCALES:
        first = value_text({"month": bill.contribution_month}, locale)
        last = value_text({"month": bill.through_month}, locale)
        months[locale] = first if first == last else f"{first} – {last}"
    return months


def _facts(whole: WholeBill, account: str) -> list[tuple[Words, Value]]:
    bill, now = whole.bill, whole.now
    facts: list[tuple[Any, Value]] = [
        (_l("Reference of the transfer"), printed(bill.bank_reference or 0)),
        (_l("Last day to pay"), {"day": bill.due_on.isoformat()}),
        (_l("People"), str(bill.headcount)),
        (_l("Total"), {"fen": bill.total_fen}),
        (_l("In words"), capital_numerals(bill.total_fen)),
    ]
    if bill.kind is BillKind.ASSESSMENT:
        del facts[2]
    if bill.paid_fen:
        facts.append((_l("Paid so far"), {"fen": bill.paid_fen}))
    if now.late_fee_fen:
        facts.append((_l("Late fee to this day"), {"fen": now.late_fee_fen}))
    if now.written_off_on:
        facts.append((_l("Written off"), {"fen": now.written_off_fen}))
    if bill.paid_fen or now.late_fee_fen or now.written_off_on:
        facts.append((_l("To pay on this day"), {"fen": now.to_pay_fen}))
        facts.append((_l("That in words"), capital_numerals(now.to_pay_fen)))
    # Whoever owes nothing on it, or is not asked any more, is told no account to pay into.
    if account and now.to_pay_fen > 0:
        facts.append((_l("Account to pay into"), account))
    if whole.reason:
        facts.append((_l("Why it is adjusted"), whole.reason))
    return [(in_both_languages(label), value) for label, value in facts]


def _insurances(whole: WholeBill) -> PaperTable:
    rows: list[list[Value]] = [
        [
            in_both_languages(INSURANCES[line.insurance.value]),
            str(line.headcount),
            {"amount": line.base_fen},
            {"amount": line.employer_fen},
            {"amount": line.employee_fen},
            {"amount": line.total_fen},
        ]
        for line in whole.lines
    ]
    bill = whole.bill
    rows.append(
        [
            in_both_languages(_l("Together")),
            "",
            "",
            {"amount": bill.employer_fen},
            {"amount": bill.employee_fen},
            {"amount": bill.total_fen},
        ]
    )
    columns = (
        _l("Insurance"),
        _l("People"),
        _l("Total of bases"),
        _l("Employer’s share"),
        _l("Employees’ share"),
        _l("Together"),
    )
    return PaperTable(
        title=in_both_languages(_l("Amounts by insurance, in yuan")),
        columns=[in_both_languages(column) for column in columns],
        rows=rows,
        numbers=[1, 2, 3, 4, 5],
    )


def _people(people: list[BilledPerson]) -> PaperTable:
    columns = (
        _l("Name"),
        _l("Citizen ID number"),
        _l("Employer’s share"),
        _l("Own share"),
        _l("Together"),
    )
    rows: list[list[Value]] = [
        [
            {"name": person.name},
            f"…{person.id_number[-_LAST:]}",
            amount_text(person.employer_fen),
            amount_text(person.employee_fen),
            amount_text(person.employer_fen + person.employee_fen),
        ]
        for person in people
    ]
    return PaperTable(
        title=in_both_languages(_l("Amounts by person, in yuan")),
        columns=[in_both_languages(person) for person in columns],
        rows=rows,
        numbers=[2, 3, 4],
    )
