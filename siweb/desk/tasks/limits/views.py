"""The desk's page of limits: what holds in each region, who set it, and how it is set anew."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from siweb.auth.access import duty, scope
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_tasks
from siweb.desk.tasks.limits.actions import AMOUNT_LIMIT, limit_in_words
from siweb.desk.tasks.limits.forms import LimitForm
from siweb.registry.packs.in_force import packs_in_force
from siweb.tasks.find import open_tasks_of_kind
from siweb.tasks.third_person import limits_in_force
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.labels import region_name

blueprint = Blueprint("limit_desk", __name__, url_prefix="/desk/limits")


@blueprint.get("")
@duty(Function.ADMINISTRATION)
def show_limits() -> str:
    return _page(_form())


@blueprint.post("")
@duty(Function.ADMINISTRATION)
def propose_limit() -> Any:
    """Send a region's limit to be checked by a second administrator."""
    form = _form()
    if not form.validate() or not carried_out(
        form, lambda: _send(form), lambda refused: why(refused, AMOUNT_LIMIT)
    ):
        return _page(form), 422
    flash(str(SENT))
    return redirect(url_for("limit_desk.show_limits"), 303)


def _send(form: LimitForm) -> None:
    region = form.region.data
    send_to_check(
        AMOUNT_LIMIT,
        f"amount_limit:{region}",
        {"region_code": region, "above_fen": form.above.data},
        form.because.data,
        region_code=region,
        packs=packs_in_force(db_session()),
        scans=form.scans.data,
    )


def _form() -> LimitForm:
    form = LimitForm()
    regions = regions_in(scope(), db_session())
    form.region.choices = [(region.code, region_name(region)) for region in regions]
    return form


def _page(form: LimitForm) -> str:
    session = db_session()
    set_ones = limits_in_force(session)
    shown = []
    for region in regions_in(scope(), session):
        by = set_ones.get(region.code)
        words = limit_in_words(None if by is None else by.limit.above_fen)
        shown.append((region_name(region), words, by))
    waiting = open_tasks_of_kind(session, AMOUNT_LIMIT.kind, within=scope())
    return render_template(
        "desk/tasks/limits.html", form=form, shown=shown, waiting=waiting_tasks(waiting)
    )
