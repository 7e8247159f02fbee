"""The desk's pages of an old system's data: which kinds there are, and how each is handed in.

Every kind has a page of its own, so that its mark says whose function it is and which insurances it
is about, as its command does.
"""

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from siweb.auth.access import duties, duty, scope
from siweb.auth.staff.duties import acts, regions_in
from siweb.auth.tables.appointment import Function
from siweb.bring_in.actions import KINDS, PAID, BringInKind, page_of
from siweb.bring_in.import_file import Outcome
from siweb.bring_in.labels import TITLES, problem_parts, problem_text
from siweb.desk.checking.labels import FUNCTIONS
from siweb.desk.checking.send import SENT
from siweb.desk.staff.old_data.forms import FileForm, file_form
from siweb.desk.staff.old_data.hand_in import sent, tried, uploaded, waiting_files
from siweb.registry.packs.in_force import packs_in_force
from siweb.web.database import db_session
from siweb.web.language.labels import region_name

blueprint = Blueprint("old_data_desk", __name__, url_prefix="/desk/old-data")
_SHOWN = 100
HERE = tuple(kind for kind in KINDS.values() if kind.name != PAID)
_HANDING_IN = tuple(dict.fromkeys(kind.function for kind in HERE))


@blueprint.get("")
@duty(*_HANDING_IN)
def show_kinds() -> str:
    held = duties()
    regions = [region.code for region in regions_in(scope(), db_session())]
    shown = [
        (
            TITLES[kind.name],
            FUNCTIONS[kind.function],
            _address(kind) if any(_may(held, kind, region) for region in regions) else None,
        )
        for kind in KINDS.values()
    ]
    return render_template("desk/old_data/kinds.html", kinds=shown)


def people_shown() -> list[int]:
    """Return of whom the problems in this answer say what the register has."""
    return sorted(g.get("people_of_file", ()))


def _address(kind: BringInKind) -> str:
    return url_for(page_of(kind.name))


def _may(held: Any, kind: BringInKind, region: str) -> bool:
    functions = (kind.function, Function.AUDIT)
    return acts(held, functions, region, kind.insurances or None, wholly=True)


def _hand_in(kind: BringInKind) -> Any:
    """Try a file; without problems and not only looked at, send it to be checked."""
    form, session = file_form(kind), db_session()
    here = regions_in(scope(), session)
    form.region.choices = [
        (region.code, region_name(region))
        for region in here
        # Who acts on several insurances runs all of them: one is enough to read the page.
        if scope().covers(region.code, kind.insurances, wholly=True)
    ]
    outcome = None
    if request.method == "POST" and form.validate():
        packs, controls = packs_in_force(session), form.controls()
        with uploaded(form) as file:
            outcome = tried(form, kind, file, controls, packs)
            if outcome is not None and request.form.get("problems"):
                return _problems_file(kind, outcome)
            if sent(form, kind, file, outcome, controls, packs):
                flash(str(SENT))
                return redirect(_address(kind), 303)
    page = _page(kind, form, outcome)
    is_refused = request.method == "POST" and (outcome is None or outcome.problem_count)
    return (page, 422) if is_refused or form.errors else page


def _page(kind: BringInKind, form: FileForm, outcome: Outcome | None) -> str:
    problems = outcome.problems[:_SHOWN] if outcome else []
    g.people_of_file = outcome.people if outcome else ()
    return render_template(
        "desk/old_data/hand_in.html",
        kind=kind,
        title=TITLES[kind.name],
        address=_address(kind),
        form=form,
        outcome=outcome,
        problems=[problem_text(each) for each in problems],
        further=outcome.problem_count - len(problems) if outcome else 0,
        waiting=waiting_files(kind),
    )


def _problems_file(kind: BringInKind, outcome: Outcome) -> Response:
    """Return every problem that was kept, a line each, for whoever mends the file."""
    g.people_of_file = outcome.people
    text = StringIO()
    rows = csv.writer(text)
    rows.writerow([_("Row"), _("Column"), _("What is wrong")])
    rows.writerows(problem_parts(each) for each in outcome.problems)
    if more := outcome.problem_count - len(outcome.problems):
        rows.writerow(["", "", _("Further problems: %(count)s", count=more)])
    # With a mark at the beginning spreadsheets read it as UTF-8.
    answer = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={kind.name}-problems.csv"
    return answer


def _view(kind: BringInKind) -> Callable[..., Any]:
    def hand_in() -> Any:
        return _hand_in(kind)

    hand_in.__name__ = f"hand_in_{kind.name}"
    return duty(kind.function, about=kind.insurances)(hand_in)


for _kind in HERE:
    blueprint.add_url_rule(
        f"/{_kind.name}", f"hand_in_{_kind.name}", _view(_kind), methods=["GET", "POST"]
    )
