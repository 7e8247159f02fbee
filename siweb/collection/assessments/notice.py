"""The notice of an assessment (核定告知书): amount, basis, and what can be done against it."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.assessments.labels import BASE_RULES, KINDS
from siweb.collection.payments.bank_reference import printed
from siweb.collection.tables.assessment import Assessment, AssessmentKind
from siweb.collection.tables.bill import Bill
from siweb.db.reference_code import grouped
from siweb.documents.issue import IssuedDocument, issue_document
from siweb.documents.payload import (
    PaperTable,
    Value,
    Words,
    for_employer,
    in_both_languages,
    receipt_payload,
    statement_payload,
)
from siweb.documents.tables.document import DocumentKind
from siweb.documents.typesetting.figure_text import with_figures
from siweb.registry.packs.legal_periods import legal_period
from siweb.registry.tables.employer import Employer
from siweb.rules.numbers.money import capital_numerals
from siweb.rules.parameters.pack_set import PackSet
from siweb.web.language.labels import INSURANCES

_BASIS = {
    AssessmentKind.UNREGISTERED: (
        _l(
            "Social Insurance Law, Article 58: whoever is hired is registered within %(period)s; "
            "where that was not done, the agency fixes the premium that is due.",
            period=legal_period("employee_registration"),
        ),
        _l(
            "Rules on Declaring and Paying Social Insurance Premiums, Article 8: after a later "
            "registration the difference is settled."
        ),
    ),
    AssessmentKind.UNDECLARED: (
        _l(
            "Social Insurance Law, Article 62: without the declaration that was due, the premium "
            "is %(assessed)s of last month’s amount."
        ),
        _l(
            "Rules on Declaring and Paying Social Insurance Premiums, Article 8: without a last "
            "month it is set by business, headcount and local wages; after a later declaration "
            "the difference is settled."
        ),
    ),
}
_EMPLOYER_BEARS = _l(
    "A late fee of %(rate)s a day is added for each month from its own due day until it is paid "
    "(Social Insurance Law, Article 86). The employer bears it, never the employee."
)
# The days run from service, and the paper is made before that.
_WITHIN = _l(
    "within %(period)s of the day on which this was served (Order 20, Article 16)",
    period=legal_period("arrears_payment"),
)
_REMEDIES = _l(
    "If you do not agree: ask for administrative review within %(review)s, or go to court within "
    "%(suit)s, of the day on which this was served on you (Social Insurance Law, Article 83). "
    "Paying in time is not agreeing.",
    review=legal_period("administrative_review"),
    suit=legal_period("lawsuit"),
)


def give_notice(
    session: Session,
    assessment: Assessment,
    bill: Bill,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
    secret: str,
) -> IssuedDocument:
    """Issue the notice of a decided assessment to its employer; the same one when asked again."""
    employer = session.get_one(Employer, assessment.employer_id)
    receipt = receipt_payload(
        name=employer.name,
        id_number=employer.uscc,
        matter=in_both_languages(KINDS[assessment.kind]),
        outcome=in_both_languages(_l("To pay: %(amount)s")),
        outcome_code="assessed",
        decided_on=on,
        facts=_facts(assessment, bill),
    )
    receipt["outcome"] = _with_amount(receipt["outcome"], bill.total_fen)
    payload = statement_payload(
        receipt,
        tables=[_table(assessment)],
        notes=_notes(assessment, packs),
    )
    issued = issue_document(
        session,
        kind=DocumentKind.ASSESSMENT_NOTICE,
        subject=("assessment", assessment.id),
        person_id=None,
        employer_id=employer.id,
        region_code=assessment.region_code,
        payload=for_employer(payload, employer.uscc),
        secret=secret,
        at=at,
        actor=actor,
    )
    assessment.document_id = issued.document_id
    session.flush()
    return issued


def _with_amount(text: Words, fen: int) -> Words:
    amounts = {"zh_Hans": f"{fen // 100:,}.{fen % 100:02d} 元"}
    amounts["en"] = f"CNY {fen // 100:,}.{fen % 100:02d}"
    return {locale: words % {"amount": amounts[locale]} for locale, words in text.items()}


def _facts(assessment: Assessment, bill: Bill) -> list[tuple[Words, Value]]:
    facts: list[tuple[Any, Value]] = [
        (_l("Case number"), grouped(assessment.reference)),
        (_l("First month"), {"month": assessment.from_month}),
        (_l("Last month"), {"month": assessment.to_month}),
        (_l("Total"), {"fen": bill.total_fen}),
        (_l("In words"), capital_numerals(bill.total_fen)),
        (_l("Time to pay"), in_both_languages(_WITHIN)),
        (_l("Reference of the transfer"), printed(bill.bank_reference or 0)),
    ]
    if assessment.base_rule is not None and assessment.base_fen is not None:
        facts += [
            (_l("Basis of the base"), in_both_languages(BASE_RULES[assessment.base_rule])),
            (_l("Base a month"), {"fen": assessment.base_fen}),
        ]
    sentences = (
        (_l("Facts"), assessment.facts),
        (_l("Why this amount"), assessment.reasons),
        (_l("The employer's comment"), assessment.employer_statement),
        (_l("Decision"), assessment.decision),
    )
    facts += [(label, words) for label, words in sentences if words]
    return [(in_both_languages(label), value) for label, value in facts]


def _table(assessment: Assessment) -> PaperTable:
    rows: list[list[Value]] = [
        [
            in_both_languages(INSURANCES[insurance]),
            {"amount": amount["base_fen"]},
            {"amount": amount["employer_fen"]},
            {"amount": amount["employee_fen"]},
            {"amount": amount["employer_fen"] + amount["employee_fen"]},
        ]
        for insurance, amount in assessment.amounts.items()
        if amount["employer_fen"] or amount["employee_fen"]
    ]
    columns = (
        _l("Insurance"),
        _l("Total of bases"),
        _l("Employer’s share"),
        _l("Employees’ share"),
        _l("Together"),
    )
    return PaperTable(
        title=in_both_languages(_l("Amounts by insurance, in yuan")),
        columns=[in_both_languages(column) for column in columns],
        rows=rows,
        numbers=[1, 2, 3, 4],
    )


def _notes(assessment: Assessment, packs: PackSet) -> list[Words]:
    """Return what it rests on and what can be done, with the rates of its months."""
    parameters = packs.parameters(assessment.region_code, assessment.from_month)
    late_ppm = parameters.late_fee_terms().daily_rate
    basis = [*map(in_both_languages, _BASIS[assessment.kind])]
    if assessment.kind is AssessmentKind.UNDECLARED:
        assessed_ppm = parameters.assessment_terms().rate
        basis[0] = with_figures(basis[0], assessed={"ppm": assessed_ppm})
    bears = with_figures(in_both_languages(_EMPLOYER_BEARS), rate={"ppm": late_ppm})
    return [*basis, bears, in_both_languages(_REMEDIES)]
