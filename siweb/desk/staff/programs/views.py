"""The desk's page of other offices' programs."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.api_tokens import new_secret
from siweb.auth.office_tokens import end_office_token, office_tokens
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.send import send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_tasks
from siweb.desk.staff.programs.actions import GIVE_PROGRAM, given, subject_of
from siweb.desk.staff.programs.forms import ProgramForm
from siweb.desk.subjects import of_office_token
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.regions.hosted import hosted_regions
from siweb.signs.labels import KINDS
from siweb.tasks.find import open_tasks_of_kind
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.labels import region_name

blueprint = Blueprint("program_desk", __name__, url_prefix="/desk/programs")


@blueprint.get("")
@duty(Function.ADMINISTRATION)
def show_programs() -> str:
    return _page(_form(ProgramForm(None)))


@blueprint.post("")
@duty(Function.ADMINISTRATION)
def give_program() -> Any:
    """Send a token to be checked; its secret is shown this once, and works after that."""
    form, secret = _form(ProgramForm()), new_secret()

    def send() -> None:
        grant = form.grant()
        send_to_check(
            GIVE_PROGRAM,
            subject_of(grant),
            given(grant, secret),
            form.because.data,
            region_code=grant.region_code,
            packs=packs_in_force(db_session()),
            scans=form.scans.data,
        )

    if not form.validate() or not carried_out(
        form, send, lambda refused: why(refused, GIVE_PROGRAM)
    ):
        return _page(form), 422
    # No redirect: the secret must stand in no address and is kept nowhere.
    return _page(_form(ProgramForm(None)), secret)


@blueprint.post("/<int:token_id>/end")
@duty(Function.ADMINISTRATION, of=of_office_token)
def end(token_id: int) -> Any:
    """End a token at once: a program that is misused waits for nobody's second look."""
    session = db_session()
    is_ended = end_office_token(session, token_id, actor=actor(), at=clock.now())
    session.commit()
    flash(_("The token is ended.") if is_ended else _("It had ended already."))
    return redirect(url_for("program_desk.show_programs"), 303)


def _form(form: ProgramForm) -> ProgramForm:
    regions = regions_in(scope(), db_session())
    form.region.choices = [(region.code, region_name(region)) for region in regions]
    form.on = clock.today()
    return form


def _page(form: ProgramForm, secret: str = "") -> str:
    session = db_session()
    return render_template(
        "desk/programs/programs.html",
        form=form,
        secret=secret,
        tokens=office_tokens(session, scope()),
        regions={region.code: region for region in hosted_regions(session)},
        kinds=KINDS,
        waiting=waiting_tasks(
            open_tasks_of_kind(session, GIVE_PROGRAM.kind, within=scope()),
        ),
        today=clock.today(),
    )
