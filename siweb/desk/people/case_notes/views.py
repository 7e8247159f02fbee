"""The notes on a case: all of them, and a new one."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from siweb.auth.access import duties, duty, subject
from siweb.auth.staff.duties import scope_of
from siweb.auth.tables.appointment import Function
from siweb.desk.people.case_notes.cases import CASES, NotedCase, about_case, of_noted_case
from siweb.desk.people.notes.forms import NoteForm
from siweb.desk.people.notes.writing import note_form, notes_part, written
from siweb.web.database import db_session

blueprint = Blueprint("note_desk", __name__, url_prefix="/desk/notes")
# Whose cases have notes; of which function one is, says its kind.
_FUNCTIONS = (
    Function.REGISTRATION,
    Function.CONTRIBUTIONS,
    Function.FINANCE,
    Function.REVIEW,
)


@blueprint.route("/<kind>/<key>", methods=["GET", "POST"])
@duty(*_FUNCTIONS, of=of_noted_case)
def show_case_notes(kind: str, key: str) -> Any:
    """Show the notes on a case, and write one."""
    case, plain = _found(kind, key)
    about, functions = about_case(kind, plain), (case.page.function,)
    form: NoteForm | None = None
    if request.method == "POST":
        form = written(about, functions)
        if form is None:
            flash(_("The note is kept."))
            return redirect(url_for("note_desk.show_case_notes", kind=kind, key=plain), 303)
    page = render_template(
        "desk/notes/case.html",
        case=case,
        plain=plain,
        address=url_for("note_desk.show_case_notes", kind=kind, key=plain),
        **notes_part(about, functions),
        **note_form(about, functions, form),
    )
    return page if form is None else (page, 422)


def _found(kind: str, key: str) -> tuple[NotedCase, str]:
    """Return a case of the visitor's own work, as its own page would show it.

    The mark beside the route lets in whoever holds any of the functions: a note on a complaint is
    for those who answer complaints, where it lies.
    """
    case = CASES[kind]
    reads = request.method in {"GET", "HEAD"}
    audits = (Function.AUDIT,) if reads else ()
    held = scope_of(duties(), (case.page.function, *audits))
    plain = case.key(key)
    if held is None or plain is None or not subject().lies_in(db_session(), held, wholly=not reads):
        abort(404)
    return case, plain
