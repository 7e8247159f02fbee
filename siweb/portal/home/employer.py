"""An employer's home: what waits for the employer, asked of all rooms in one statement."""

from datetime import date
from functools import cache
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import CompoundSelect, Date, bindparam, func, select
from sqlalchemy.orm import Session

from siweb.collection.assessments.find import cases_to_answer
from siweb.collection.bills.waiting import employers_bills_to_pay
from siweb.filings.tables.filing import Filing, FilingState
from siweb.messages.inbox import count_unread
from siweb.messages.matter import Matter, all_of, ask, matter
from siweb.messages.message_kind import Reader
from siweb.portal.home.cards import Card
from siweb.reviews.objections.answer import objections_of_employers
from siweb.web.language.formats import count, yuan


def employer_matters(session: Session, employer_id: int, on: date) -> dict[str, Matter]:
    """Return by its kind what waits for an employer, the nearest last day first; one statement."""
    found = ask(session, _questions(), {"employer_id": employer_id, "on": on})
    return {waiting.kind: waiting for waiting in found}


def employer_cards(matters: dict[str, Matter], review: Card | None) -> list[Card]:
    """Return what has a last day, the most urgent first; what has none is told where it lies.

    `review` is what the yearly base declaration asks.
    """
    found = [_WORDS[kind](waiting) for kind, waiting in matters.items() if kind in _WORDS]
    found += [review] if review else []
    return sorted(found, key=lambda card: card.last_day or date.max)


@cache
def _questions() -> CompoundSelect[Any]:
    """Return the statement of all that may wait for an employer, put together once."""
    employer_id: Any = bindparam("employer_id")
    on: Any = bindparam("on", type_=Date())
    # Each counts, so that a page about a big employer is as short as one about a small one.
    return all_of(
        [
            objections_of_employers([employer_id]),
            cases_to_answer([employer_id], on),
            employers_bills_to_pay([employer_id]),
            select(*matter("drafts", number=func.count())).where(
                Filing.employer_id == employer_id,
                Filing.state == FilingState.DRAFT,
                Filing.deleted_at.is_(None),
            ),
            select(
                *matter(
                    "messages",
                    number=count_unread(Reader.EMPLOYER, employer_id).scalar_subquery(),
                )
            ),
        ]
    )


def _objections(waiting: Matter) -> Card:
    number = waiting.number or 0
    return Card(
        ngettext(
            "%(count)s objection of an employee waits for your answer",
            "%(count)s objections of employees wait for your answer",
            number,
            count=count(number),
        ),
        _("Say whether it is right. Without an answer in time the agency decides alone."),
        _("Answer objections"),
        url_for("objections.show_objections"),
        last_day=waiting.last_day,
    )


def _assessments(waiting: Matter) -> Card:
    number = waiting.number or 0
    return Card(
        ngettext(
            "The agency proposes %(count)s assessment: answer in time",
            "The agency proposes %(count)s assessments: answer in time",
            number,
            count=count(number),
        ),
        _("The agency wants to fix premiums. The employer may be heard until this day."),
        _("Show the cases"),
        url_for("assessments.show_cases"),
        last_day=waiting.last_day,
    )


def _bills(waiting: Matter) -> Card:
    number = waiting.number or 0
    return Card(
        _("%(amount)s is to be paid", amount=yuan(waiting.fen or 0)),
        ngettext(
            "%(count)s bill is open, without late fees.",
            "%(count)s bills are open, without late fees.",
            number,
            count=count(number),
        ),
        _("Show the bills"),
        url_for("bills.show_bills"),
        last_day=waiting.last_day,
    )


_WORDS = {"objections": _objections, "assessments": _assessments, "employer_bills": _bills}
