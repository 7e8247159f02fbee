"""Browsers that are signed in, made without the sign-in page's password: for measuring only."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.auth.sign_in.browser import open_browser_session
from siweb.auth.tables.account import Account
from siweb.bench.visits.load import BROWSER
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.enrolment import Enrolment
from siweb.reviews.begin.start import start_review
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.web.database import database, db_session
from siweb.wizard.answers import find_draft, save_answer

HEADERS = dict(BROWSER)
# The steps before the one that is measured, and what an employee without a complaint answers.
STEP = "months"
_ANSWERED = {
    "contact": {"name_is": ["right"], "mobile": ["13800000000"], "address": [""], "email": [""]},
    "insurances": {"verdict": ["right"], "words": [""]},
}


class Visitor(NamedTuple):
    """A browser's Cookie header and the case that its person is answering."""

    cookie: str
    reference: str


def sign_in_employees(app: Flask, count: int, page: str, *, at: datetime) -> list[Visitor]:
    """Sign in employees from all over the register, each half through the record check.

    Their cookies are those of a browser that has seen `page` already.
    """
    with app.app_context(), database().writers() as writer:
        chosen = _spread(_employees(writer), count)
        references = {person_id: _answer(writer, person_id, at) for person_id in chosen}
        writer.commit()
    return [
        Visitor(cookie_of(app, person_id, page, at), reference)
        for person_id, reference in references.items()
    ]


def _employees(writer: Session) -> Sequence[int]:
    return writer.scalars(
        select(Enrolment.person_id)
        .where(
            Enrolment.insurance == Insurance.PENSION,
            Enrolment.scheme == Scheme.EMPLOYEE,
            Enrolment.to_month.is_(None),
        )
        .order_by(Enrolment.person_id)
    ).all()


def _spread(people: Sequence[int], count: int) -> Iterable[int]:
    return dict.fromkeys(people[:: max(1, len(people) // count)][:count])


def _answer(writer: Session, person_id: int, at: datetime) -> str:
    """Open an account, start the record check and answer its first steps; return the case."""
    account = writer.scalar(select(Account).where(Account.person_id == person_id))
    if account is None:
        account = Account(
            person_id=person_id,
            password_hash="",  # nobody signs in with it
            created_at=at,
            password_changed_at=at,
        )
        writer.add(account)
        writer.flush()
    campaign = writer.scalars(
        select(Campaign)
        .join(Enrolment, Enrolment.region_code == Campaign.region_code)
        .where(Campaign.kind == ReviewKind.RECORD_CHECK, Enrolment.person_id == person_id)
    ).first()
    assert campaign is not None
    review = start_review(writer, campaign, person_id, actor=Actor(account.id, person_id), at=at)
    draft = find_draft(writer, campaign.kind.value, ("review", review.id), account.id)
    assert draft is not None
    for step, typed in _ANSWERED.items():
        save_answer(writer, draft, step, typed, seen=0, at=at)
    return review.reference


def cookie_of(app: Flask, person_id: int, page: str, at: datetime) -> str:
    """Return the Cookie header of a browser that signed a person in and has seen a page."""
    with app.test_request_context("/", method="POST", headers=HEADERS) as context:
        account = db_session().scalars(select(Account).where(Account.person_id == person_id)).one()
        open_browser_session(account, at)
        db_session().commit()
        answer = app.response_class()
        app.session_interface.save_session(app, context.session, answer)
    name = app.config["SESSION_COOKIE_NAME"]
    browser: FlaskClient = app.test_client()
    browser.set_cookie(name, answer.headers["Set-Cookie"].split(";")[0].partition("=")[2])
    assert browser.get(page, headers=HEADERS).status_code == 200
    kept = (browser.get_cookie(name), browser.get_cookie("device"))
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in kept if cookie is not None)
