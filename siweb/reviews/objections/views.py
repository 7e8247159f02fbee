"""The employer's pages of objections: which wait, and the answer to one."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import acting, acting_for, actor
from siweb.reviews.cases.take_back import added_words
from siweb.reviews.objections.answer import (
    answer_as_employer,
    find_asked,
    objections_to_answer,
    was_asked,
)
from siweb.reviews.objections.forms import AGREES, AnswerForm
from siweb.web.database import db_session

blueprint = Blueprint("objections", __name__, url_prefix="/employer/<uscc>/objections")


@blueprint.get("")
@acting_for("viewer")
def show_objections() -> str:
    found = objections_to_answer(db_session(), acting().employer_id)
    return render_template("reviews/objections/objections.html", asked=found)


@blueprint.route("/<int:objection_id>", methods=["GET", "POST"])
@acting_for("filer")
def answer(objection_id: int) -> Any:
    session, form = db_session(), AnswerForm()
    asked = find_asked(session, acting().employer_id, objection_id)
    if asked is None:
        if not was_asked(session, acting().employer_id, objection_id):
            abort(404)
        return _over()
    if request.method == "POST" and form.validate():
        is_kept = answer_as_employer(
            session,
            asked,
            agrees=form.answer.data == AGREES,
            words=form.words.data or "",
            actor=actor(),
            at=clock.now(),
        )
        session.commit()
        if not is_kept:
            return _over()
        flash(
            _(
                "Your answer is saved. The agency decides; the employee can read it on the "
                "case page."
            )
        )
        return redirect(url_for("objections.show_objections"), 303)
    added = added_words(session, asked.review.id)
    page = render_template("reviews/objections/answer.html", asked=asked, form=form, added=added)
    return page if request.method == "GET" else (page, 422)


def _over() -> Response:
    """Lead back from an objection that was answered, decided or taken back meanwhile."""
    flash(_("This objection does not wait for your answer any more."))
    return redirect(url_for("objections.show_objections"), 303)
