"""The desk's page of parameters: which packs are in force, and how one is handed in."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.access import duty, scope
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.send import SENT, attach_to_task, doing_now
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_tasks
from siweb.desk.staff.parameters.actions import (
    PUT_IN_FORCE,
    propose_pack,
    region_of_pack,
)
from siweb.desk.staff.parameters.forms import PackForm
from siweb.desk.staff.parameters.sentences import shown
from siweb.registry.packs.import_packs import changes_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.packs.list_packs import list_packs
from siweb.registry.packs.written import before_and_after, name_of
from siweb.rules.parameters.compare import RowChange
from siweb.rules.parameters.doubts import doubts_about
from siweb.rules.parameters.read import Pack, read_pack
from siweb.rules.parameters.row import Problem, Sentence
from siweb.tasks.find import open_tasks_of_kind
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out

blueprint = Blueprint("parameter_desk", __name__, url_prefix="/desk/parameters")
# Twenty times what the largest shipped pack has.
_MOST_BYTES = 400_000
_SHOWN = 60
# Of what is wrong: a pack that has more is of another kind altogether.
_MOST = 50


@blueprint.get("")
@duty(Function.PARAMETERS)
def show_packs() -> str:
    return _page(PackForm(None))


@blueprint.post("")
@duty(Function.PARAMETERS)
def hand_in_pack() -> Any:
    """Show what a pack would change, or send it to be checked."""
    form, session = PackForm(), db_session()
    if not form.validate():
        return _page(form), 422
    pack, problems = _read(form)
    if pack is None:
        return _page(form, problems=problems), 422
    if not scope().covers(region_of_pack(session, pack.region)):
        form.file.errors = [
            _("This pack is of a region that is not yours: %(region)s.", region=pack.region)
        ]
        return _page(form), 422
    if form.dry_run.data:
        return _page(form, pack=pack)

    def send() -> None:
        doing = doing_now(packs_in_force(session))
        task = propose_pack(
            session, pack, form.because.data, doing, rewrite=bool(form.rewrite.data)
        )
        attach_to_task(task, form.scans.data)

    if not carried_out(form, send, lambda refused: why(refused, PUT_IN_FORCE)):
        return _page(form, pack=pack), 422
    flash(str(SENT))
    return redirect(url_for("parameter_desk.show_packs"), 303)


def _read(form: PackForm) -> tuple[Pack | None, list[Problem]]:
    """Return the pack that was sent, or why it is none."""
    name = form.file.data.filename or "pack.toml"
    # One byte more than may be tells that it is too long, without reading all of it.
    content = form.file.data.stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        return None, [Problem(name, "", "", Sentence("this is too long for a pack"))]
    try:
        return read_pack(content.decode("utf-8"), name)
    except UnicodeDecodeError:
        return None, [Problem(name, "", "", Sentence("this is not UTF-8"))]


def _changed(session: Session, pack: Pack) -> tuple[list[tuple[str, str, str]], int]:
    """Return the rows that a pack would change, the first of them, and how many there are."""
    changes: list[RowChange] = changes_of(session, pack)
    return [(name_of(each), *before_and_after(each)) for each in changes[:_SHOWN]], len(changes)


def _page(
    form: PackForm, *, pack: Pack | None = None, problems: list[Problem] | None = None
) -> str:
    session = db_session()
    changed, changes = _changed(session, pack) if pack else ([], 0)
    return render_template(
        "desk/parameters/packs.html",
        form=form,
        packs=list_packs(session, packs_in_force(session), within=scope().regions),
        pack=pack,
        changed=changed,
        changes=changes,
        doubts=shown(doubts_about(pack.file, pack.rows, clock.today())[:_MOST]) if pack else (),
        problems=shown((problems or ())[:_MOST]),
        waiting=waiting_tasks(open_tasks_of_kind(session, PUT_IN_FORCE.kind, within=scope())),
    )
