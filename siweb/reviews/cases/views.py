"""The page of a case that was sent; words added to it, and how it is taken back."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, signed_in, visitor, whose
from siweb.auth.helping.tell import tell_helped
from siweb.collection.corrections.find import references_of
from siweb.documents.tables.document import Document
from siweb.evidence.attach import Matter, attach
from siweb.evidence.find import scans_of
from siweb.evidence.labels import refusal_text
from siweb.evidence.scan_refused import ScanRefused
from siweb.messages.kinds.helping import HELP_REVIEW
from siweb.messages.served import Effect, effect_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.person_keys import is_same_person
from siweb.reviews.begin.start import FoundCase
from siweb.reviews.cases.forms import AddForm
from siweb.reviews.cases.read import read_case
from siweb.reviews.cases.take_back import CaseDecided, WindowOver, add_words, take_back
from siweb.reviews.move import adverse_kind
from siweb.reviews.tables.objection import Objection
from siweb.reviews.tables.review import ReviewEvent, ReviewState
from siweb.web.database import db_session
from siweb.web.file_store import file_store

blueprint = Blueprint("review_cases", __name__, url_prefix="/reviews/<reference>")


@blueprint.get("")
@signed_in
def show_case(reference: str) -> str | Response:
    found = case_or_404(reference)
    if found.review.state is ReviewState.DRAFT:
        return redirect(url_for("reviews.show_due"), 303)
    return _case_page(found, AddForm(formdata=None))


@blueprint.post("/add")
@signed_in
def add(reference: str) -> Any:
    """Add words to a case that nobody has decided."""
    found, form = case_or_404(reference), AddForm()
    if found.review.state is ReviewState.DRAFT:
        # Taken back in another window: a draft has no page of a sent case.
        flash(
            _("These answers have not been sent yet: nothing was added. You can change them here.")
        )
        return redirect(url_for("reviews.resume", reference=reference), 303)
    if not form.validate():
        return _case_page(found, form), 422
    session, at = db_session(), clock.now()
    matter = Matter(review_id=found.review.id)
    try:
        add_words(session, found.review, form.words.data or "", actor=actor(), at=at)
        attach(session, file_store(), form.scans.data, matter, actor=actor(), at=at)
        tell_helped(session, HELP_REVIEW, ("review", found.review.id), actor=actor(), at=at)
    except CaseDecided:
        return _decided_meanwhile(reference)
    except ScanRefused as refused:
        session.rollback()
        form.scans.errors = [refusal_text(refused)]
        return _case_page(case_or_404(reference), form), 422
    session.commit()
    flash(_("Added. Those who answer or decide the case will read it."))
    return redirect(url_for("review_cases.show_case", reference=reference), 303)


@blueprint.route("/take-back", methods=["GET", "POST"])
@signed_in
def take_case_back(reference: str) -> Any:
    """Ask whether a sent case is to be a draft again, and make it one."""
    found = case_or_404(reference)
    if not _may_take_back(found):
        return redirect(url_for("review_cases.show_case", reference=reference), 303)
    if request.method == "GET":
        return render_template("reviews/take_back.html", found=found)
    try:
        take_back(
            db_session(),
            found.review,
            found.campaign,
            actor=actor(),
            on=clock.today(),
            at=clock.now(),
        )
        subject = ("review", found.review.id)
        tell_helped(db_session(), HELP_REVIEW, subject, actor=actor(), at=clock.now())
    except (CaseDecided, WindowOver):
        return _decided_meanwhile(reference)
    db_session().commit()
    flash(_("Taken back. Your answers are kept: change them and send them again."))
    return redirect(url_for("reviews.resume", reference=reference), 303)


def case_or_404(reference: str) -> FoundCase:
    """Return a case of the visitor, or one that they help with."""
    found = read_case(reference)
    if found is None:
        abort(404)
    return found


def _may_take_back(found: FoundCase) -> bool:
    # After the last day the answers could not be sent again, and would be lost.
    return found.review.state.is_waiting and found.campaign.is_open(clock.today())


def _effect(found: FoundCase) -> Effect | None:
    """Return since when a decision has effect that is not wholly for the person."""
    kind = adverse_kind(found.review)
    # What is wholly for the person has effect at once, with no service to wait for.
    if kind is None:
        return None
    session, subject = db_session(), ("review", found.review.id)
    packs = packs_in_force(session)
    return effect_of(session, kind, found.campaign.region_code, subject, packs=packs)


def _decided_meanwhile(reference: str) -> Response:
    db_session().rollback()
    flash(_("The case was decided meanwhile; nothing was changed."))
    return redirect(url_for("review_cases.show_case", reference=reference), 303)


def _case_page(found: FoundCase, form: AddForm) -> str:
    session, review = db_session(), found.review
    events = session.scalars(
        select(ReviewEvent).where(ReviewEvent.review_id == review.id).order_by(ReviewEvent.id)
    ).all()
    objections = session.scalars(
        select(Objection).where(Objection.review_id == review.id).order_by(Objection.id)
    ).all()
    document = session.get(Document, review.document_id) if review.document_id else None
    is_mine = is_same_person(session, review.person_id, whose())
    may_repeat = (
        is_mine
        and review.state is ReviewState.PASSED
        and found.campaign.may_be_repeated
        and found.campaign.is_open(clock.today())
    )
    return render_template(
        "reviews/case.html",
        review=review,
        campaign=found.campaign,
        events=events,
        objections=objections,
        corrected=references_of(session, [objection.id for objection in objections]),
        document=document,
        is_mine=is_mine,
        may_repeat=may_repeat,
        may_take_back=_may_take_back(found),
        effect=_effect(found),
        on=clock.today(),
        form=form,
        scans=scans_of(session, Matter(review_id=review.id)),
        me=visitor().account_id,
    )
