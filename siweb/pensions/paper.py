"""The papers of an application: its receipt, and the decision as the receipt's next version."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.documents.issue import issue_document
from siweb.documents.payload import (
    PaperTable,
    Value,
    Words,
    in_both_languages,
    receipt_payload,
    statement_payload,
)
from siweb.documents.tables.document import Document, DocumentKind
from siweb.documents.typesetting.figure_text import day_text
from siweb.pensions.compare import figure_value, lines_of, why_it_differs
from siweb.pensions.definition import card_end
from siweb.pensions.place import place_value
from siweb.pensions.tables.pension_application import ApplicationState, PensionApplication
from siweb.registry.tables.person import Person

_MATTER = _l("Application for a pension")
_OUTCOMES = {
    ApplicationState.SENT: _l("Received"),
    ApplicationState.APPROVED: _l("Approved"),
    ApplicationState.REFUSED: _l("Refused"),
}
_NEXT = {
    ApplicationState.SENT: _l("The agency decides by the day named above; you are sent a message."),
    ApplicationState.APPROVED: _l(
        "Confirm once a year that you draw it; you are reminded in time."
    ),
    ApplicationState.REFUSED: _l("You may apply again when the reasons are gone."),
}
_BASIS = _l(
    "By document 国发〔2005〕38号 of the State Council and the figures published up to this day. "
    "What comes into the account, or is published, later is settled afterwards."
)
_REMEDIES = _l(
    "If you do not agree: ask for administrative review until %(review)s, or go to court until "
    "%(suit)s (Social Insurance Law, Article 83)."
)


def issue_receipt(
    session: Session,
    application: PensionApplication,
    person: Person,
    *,
    on: date,
    actor: Actor,
    at: datetime,
    secret: str,
) -> None:
    """Issue the receipt of an application."""
    facts = [
        *_about(application),
        (_l("Decided by"), {"day": application.decide_by.isoformat()}),
    ]
    if (estimated := application.estimate["total_fen"]) is not None:
        facts.append((_l("Estimate a month"), {"fen": estimated}))
    payload = _receipt(application, person, facts, on)
    _issue(session, application, payload, actor=actor, at=at, secret=secret)


def issue_decision(
    session: Session,
    application: PensionApplication,
    person: Person,
    *,
    on: date,
    actor: Actor,
    at: datetime,
    secret: str,
) -> None:
    """Issue the decision, which replaces the receipt: amount or reasons, and the remedies."""
    outcome = in_both_languages(_OUTCOMES[application.state])
    facts = [(_l("Decision"), outcome), *_about(application)]
    if application.monthly_fen is not None:
        facts.append((_l("Pension a month"), {"fen": application.monthly_fen}))
    place = (application.decided or application.estimate).get("place")
    if place is not None and place["pays"] is not None:
        facts.append((_l("Place that pays"), place_value(place)))
    if application.decision_words:
        facts.append((_l("Reasons"), application.decision_words))
    tables = [] if application.decided is None else [_table(application)]
    payload = statement_payload(
        _receipt(application, person, facts, on),
        tables=tables,
        notes=[*([in_both_languages(_BASIS)] if tables else []), _remedies(application)],
    )
    _issue(session, application, payload, actor=actor, at=at, secret=secret)


def _about(application: PensionApplication) -> list[tuple[Any, Value]]:
    return [
        (_l("Number"), application.reference),
        (_l("First month"), {"month": application.from_month}),
        (_l("Bank account"), f"{application.bank_name} {card_end(application.bank_card)}"),
        (_l("Delivered to"), application.address),
    ]


def _receipt(
    application: PensionApplication,
    person: Person,
    facts: Sequence[tuple[Any, Value]],
    on: date,
) -> Any:
    return receipt_payload(
        name=person.name,
        id_number=person.id_number,
        matter=in_both_languages(_MATTER),
        outcome=in_both_languages(_OUTCOMES[application.state]),
        outcome_code=application.state.value,
        decided_on=on,
        facts=[(in_both_languages(label), value) for label, value in facts],
        next_steps=[in_both_languages(_NEXT[application.state])],
    )


def _table(application: PensionApplication) -> PaperTable:
    estimate, decided = application.estimate, application.decided or {}
    rows: list[list[Value]] = []
    for name, label in lines_of(estimate, decided):
        why = why_it_differs(name, estimate, decided)
        rows.append(
            [
                in_both_languages(label),
                figure_value(name, estimate.get(name)),
                figure_value(name, decided.get(name)),
                "" if why is None else in_both_languages(why),
            ]
        )
    columns = (_l("Figure"), _l("Estimate"), _l("Decision"), _l("Why it differs"))
    return PaperTable(
        title=in_both_languages(_l("How it was worked out")),
        columns=[in_both_languages(column) for column in columns],
        rows=rows,
        numbers=[1, 2],
    )


def _remedies(application: PensionApplication) -> Words:
    review, suit = application.review_until, application.suit_until
    if review is None or suit is None:
        raise RuntimeError("a decision without its remedies")
    return {
        locale: words % {"review": day_text(review, locale), "suit": day_text(suit, locale)}
        for locale, words in in_both_languages(_REMEDIES).items()
    }


def _issue(
    session: Session,
    application: PensionApplication,
    payload: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    secret: str,
) -> None:
    replaced = application.document_id
    issued = issue_document(
        session,
        kind=DocumentKind.FILING_RECEIPT,
        subject=("pension_application", application.id),
        person_id=application.person_id,
        region_code=application.region_code,
        payload=payload,
        secret=secret,
        at=at,
        actor=actor,
        supersedes=None if replaced is None else session.get(Document, replaced),
    )
    application.document_id = issued.document_id
    session.flush()
