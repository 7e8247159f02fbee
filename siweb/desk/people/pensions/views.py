"""The desk's pages of pension applications: what waits, one of them, what is proposed."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import duty
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.people.pensions.actions import (
    APPROVE_PENSION,
    REFUSE_PENSION,
    approval,
    pension_subject,
)
from siweb.desk.people.pensions.forms import ApprovalForm, RefusalForm
from siweb.desk.subjects import of_pension_application
from siweb.evidence.papers.paper import Because
from siweb.evidence.scan import Scan
from siweb.pensions.compare import compare
from siweb.pensions.decide import calculate
from siweb.pensions.definition import card_end
from siweb.pensions.find import FoundApplication, find_application
from siweb.pensions.place import place_sentences
from siweb.pensions.tables.pension_application import ApplicationState
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.benefits.paying_place import Why
from siweb.tasks.two_person_action import TwoPersonAction
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.forms.fields import PageForm
from siweb.web.read_once import read_once

blueprint = Blueprint("pension_desk", __name__, url_prefix="/desk/pensions")


@blueprint.get("/<reference>")
@duty(Function.REVIEW, of=of_pension_application, about={Insurance.PENSION})
def show_application(reference: str) -> str:
    return _page(_found(reference))


@blueprint.post("/<reference>/approve")
@duty(Function.REVIEW, of=of_pension_application, about={Insurance.PENSION})
def approve(reference: str) -> Any:
    """Propose to approve it, with the figures as they come out now."""
    found, form = _found(reference), ApprovalForm()
    if form.validate():
        session, words = db_session(), form.words.data or ""
        figures = calculate(
            session,
            found.application,
            form.by_hand(),
            packs=packs_in_force(session),
            on=clock.today(),
        )
        change = approval(form.by_hand(), words, figures.as_dict())
        if _sent(APPROVE_PENSION, found, form, change, form.papers.data, form.scans.data):
            return _show(reference)
    return _page(_found(reference), approving=form), 422


@blueprint.post("/<reference>/refuse")
@duty(Function.REVIEW, of=of_pension_application, about={Insurance.PENSION})
def refuse(reference: str) -> Any:
    """Propose to refuse it with reasons."""
    found, form = _found(reference), RefusalForm()
    reasons = form.reasons.data or ""
    if form.validate() and _sent(REFUSE_PENSION, found, form, {"words": reasons}, reasons):
        return _show(reference)
    return _page(_found(reference), refusing=form), 422


def _sent(
    action: TwoPersonAction,
    found: FoundApplication,
    form: PageForm,
    change: dict[str, Any],
    because: Because,
    scans: Iterable[Scan] = (),
) -> bool:
    application = found.application
    named = {"application_id": application.id, "reference": application.reference}

    def send() -> None:
        send_to_check(
            action,
            pension_subject(application),
            {**named, **change},
            because,
            region_code=application.region_code,
            person_id=application.person_id,
            packs=packs_in_force(db_session()),
            scans=scans,
        )

    return carried_out(form, send, lambda refused: why(refused, action))


def _show(reference: str) -> Response:
    flash(str(SENT))
    return redirect(url_for("pension_desk.show_application", reference=reference), 303)


def _page(
    found: FoundApplication,
    *,
    approving: ApprovalForm | None = None,
    refusing: RefusalForm | None = None,
) -> str:
    application, session = found.application, db_session()
    is_open, decided, short = application.state is ApplicationState.SENT, application.decided, 0
    lacking = 0
    if is_open:
        figures = calculate(session, application, packs=packs_in_force(session), on=clock.today())
        decided, short = figures.as_dict(), figures.months_short
        lacking = figures.months - figures.index_months
    place = (decided or application.estimate).get("place")
    return render_template(
        "desk/pensions/application.html",
        found=found,
        application=application,
        is_open=is_open,
        compared=compare(application.estimate, decided) if decided else (),
        months_short=short,
        months_lacking=lacking,
        place=place_sentences(place),
        asks_household=place is not None and place["why"] != Why.HERE,
        card=card_end(application.bank_card),
        waiting=waiting_about(pension_subject(application), APPROVE_PENSION, REFUSE_PENSION),
        approving=approving or ApprovalForm(None),
        refusing=refusing or RefusalForm(None),
        on=clock.today(),
    )


def _found(reference: str) -> FoundApplication:
    found = read_once(find_application, reference)
    if found is None:
        abort(404)
    return found
