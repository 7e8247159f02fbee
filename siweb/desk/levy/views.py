"""The desk's pages of the levy: the runs, one run with its progress, and how to begin one."""

from tempfile import TemporaryFile
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.collection.corrections.find import bills_of_corrections
from siweb.collection.levy.adjustment.tasks import open_tasks
from siweb.collection.levy.find import enqueue_levy, latest_runs, progress_of
from siweb.collection.levy.not_billed import people_without_base
from siweb.collection.levy.previews.compare import (
    Change,
    compare_totals,
    employer_totals,
    oddest_changes,
)
from siweb.collection.levy.refusal import LevyRefused
from siweb.collection.levy.start import open_levy
from siweb.collection.payments.tax_collection import collected_by_tax_office
from siweb.collection.statements.tax_files import hand_over, handed_over, name_of, write_due
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState, TaxOfficeFile
from siweb.desk.checking.send import SENT, attach_to_task, doing_now
from siweb.desk.checking.sentences import why
from siweb.desk.levy.actions import ADJUST, adjustment_values, propose_adjustment
from siweb.desk.levy.facts import changes_as_facts, employers_as_facts, run_facts
from siweb.desk.levy.forms import AdjustForm, LevyForm
from siweb.desk.levy.labels import KINDS, REFUSALS, STATES
from siweb.desk.subjects import of_levy_run, of_tax_office_file
from siweb.documents.spreadsheets.sheet import pieces
from siweb.files.kept_file import FileKind
from siweb.files.store import FileGone
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.region import Region
from siweb.rules.calendar.months import add_months, month_of, parse_month
from siweb.rules.errors import RuleError
from siweb.rules.parameters.parameter_set import ParameterMissing
from siweb.web.database import database, db_session
from siweb.web.file_store import file_store
from siweb.web.forms.carry_out import carried_out
from siweb.web.htmx import wants_piece
from siweb.web.language.labels import region_name
from siweb.web.paging import page_asked
from siweb.web.read_once import read_once

blueprint = Blueprint("levy_desk", __name__, url_prefix="/desk/levy")


@blueprint.get("")
@duty(Function.CONTRIBUTIONS)
def show_runs() -> str:
    return _runs(_levy_form())


@blueprint.post("")
@duty(Function.CONTRIBUTIONS)
def begin() -> Any:
    """Begin a preview of a month, or its levy."""
    form, session = _levy_form(), db_session()
    if not form.validate():
        return _runs(form), 422
    kind = LevyKind.REGULAR if request.form.get("do") == "bill" else LevyKind.PREVIEW
    on, at = clock.today(), clock.now()
    try:
        run = open_levy(
            session,
            form.region.data,
            form.month.data,
            packs=packs_in_force(session),
            actor=actor(),
            on=on,
            at=at,
            kind=kind,
            may_be_provisional=form.provisional.data,
        )
    except (LevyRefused, ParameterMissing) as refused:
        session.rollback()
        form.show_refusal(refused.code, str(REFUSALS[refused.code]))
        return _runs(form, refused.facts.get("figures")), 422
    return _enqueue(run)


@blueprint.route("/adjust", methods=["GET", "POST"])
@duty(Function.CONTRIBUTIONS)
def adjust() -> Any:
    """Send an adjustment of earlier months to be checked: it begins after that."""
    form = AdjustForm()
    form.region.choices = _region_choices()
    if request.method == "GET":
        _fill_in(form)
    elif form.validate() and carried_out(
        form, lambda: _send_adjustment(form), lambda refused: why(refused, ADJUST)
    ):
        flash(str(SENT))
        return redirect(url_for("levy_desk.show_runs"), 303)
    page = render_template("desk/levy/adjust.html", form=form)
    return page if request.method == "GET" else (page, 422)


def _send_adjustment(form: AdjustForm) -> None:
    session, months = db_session(), (form.first_month.data, form.last_month.data)
    values = adjustment_values(form.region.data, months, form.due_on.data, form.waived_until.data)
    doing = doing_now(packs_in_force(session))
    task = propose_adjustment(
        session, values, form.reason.data or "", doing, papers=[form.notice.data]
    )
    attach_to_task(task, form.scans.data)


@blueprint.get("/<int:run_id>")
@duty(Function.CONTRIBUTIONS, of=of_levy_run)
def show_run(run_id: int) -> Any:
    """Show a run: how far it is, or what it came to."""
    session, run = db_session(), _run(run_id)
    region = session.get_one(Region, run.region_code)
    shown: dict[str, Any] = {"run": run, "region": region, "kinds": KINDS, "states": STATES}
    if run.state is LevyState.COMPUTING:
        shown["progress"] = progress_of(session, run, at=clock.now())
        shown["refresh"] = True
        if wants_piece():
            return render_template("desk/levy/_progress.html", **shown)
        return render_template("desk/levy/under_way.html", **shown)
    if wants_piece():
        answer = make_response("", 200)
        # The page of progress asked for its piece: now that the run is done it is loaded anew as
        # a whole.
        answer.headers["HX-Refresh"] = "true"
        return answer
    page = page_asked()
    changes, has_more = employer_totals(session, run, page=page)
    return render_template(
        "desk/levy/run.html",
        comes_to=list(run_facts(run, compare_totals(session, run))),
        oddest=list(changes_as_facts(_oddest(session, run))),
        employers=list(employers_as_facts(changes)),
        has_more=has_more,
        page=page,
        by_tax_office=collected_by_tax_office(
            packs_in_force(session), run.region_code, run.contribution_month
        ),
        **shown,
    )


def _oddest(session: Session, run: LevyRun) -> list[Change]:
    return [] if run.kind is LevyKind.ADJUSTMENT else oddest_changes(session, run)


@blueprint.get("/<int:run_id>/without-base")
@duty(Function.CONTRIBUTIONS, of=of_levy_run)
def show_without_base(run_id: int) -> str:
    """Name the people whom a month's levy leaves out since no base is declared."""
    page = page_asked()
    people, has_more = people_without_base(db_session(), run := _run(run_id), page=page)
    return render_template(
        "desk/levy/without_base.html", run=run, people=people, has_more=has_more, page=page
    )


@blueprint.post("/<int:run_id>/hand-over")
@duty(Function.CONTRIBUTIONS, of=of_levy_run)
def hand_over_due(run_id: int) -> Response:
    """Keep what the tax office collects of the run's month as handed over, once for each list."""
    session, run = db_session(), _run(run_id)
    region, month = run.region_code, run.contribution_month
    # A large region's list takes a while to write: nobody else may wait for it meanwhile.
    session.rollback()
    with TemporaryFile() as content:
        with database().readers() as reader:
            due = write_due(reader, region, month, content, packs=packs_in_force(reader))
        file, is_new = hand_over(session, file_store(), due, actor=actor(), at=clock.now())
    session.commit()
    if not is_new:
        flash(_("Nothing has changed since list %(number)s was made.", number=file.number))
    return redirect(url_for("levy_desk.show_handed_over"), 303)


@blueprint.get("/tax-office")
@duty(Function.CONTRIBUTIONS)
def show_handed_over() -> str:
    """List what was handed to the tax office: month, when, by whom, how much."""
    files, has_more = read_once(handed_over, scope(), page=page_asked())
    return render_template(
        "desk/levy/tax_office.html", files=files, has_more=has_more, page=page_asked()
    )


@blueprint.get("/tax-office/<int:file_id>/due.csv")
@duty(Function.CONTRIBUTIONS, of=of_tax_office_file)
def send_due(file_id: int) -> Response:
    """Send a list as it was handed over."""
    session = db_session()
    file = session.get_one(TaxOfficeFile, file_id)
    try:
        with file_store().opened(session, FileKind.TAX_OFFICE, file.digest) as path:
            content = path.open("rb")
    except FileGone:
        abort(404)
    headers = {"Content-Disposition": f'attachment; filename="{name_of(file)}"'}
    return Response(pieces(content), mimetype="text/csv", headers=headers)


@blueprint.get("/corrections")
@duty(Function.CONTRIBUTIONS)
def show_corrections() -> str:
    """List the bills by which single records were set right, the newest first."""
    bills, has_more = read_once(bills_of_corrections, scope(), page=page_asked())
    return render_template(
        "desk/levy/corrections.html", bills=bills, has_more=has_more, page=page_asked()
    )


@blueprint.post("/<int:run_id>/go-on")
@duty(Function.CONTRIBUTIONS, of=of_levy_run)
def go_on(run_id: int) -> Response:
    """Work a run on whose job failed."""
    return _enqueue(_run(run_id))


def _enqueue(run: LevyRun) -> Response:
    session = db_session()
    enqueue_levy(session, run, actor=actor(), at=clock.now())
    session.commit()
    return redirect(url_for("levy_desk.show_run", run_id=run.id), 303)


def _fill_in(form: AdjustForm) -> None:
    """Begin with the months of a task that waits, else with the month before this one."""
    form.region.data = request.args.get("region") or form.region.data
    form.first_month.data = _month_asked("first")
    form.last_month.data = _month_asked("last") or add_months(month_of(clock.today()), -1)


def _month_asked(name: str) -> str | None:
    try:
        return parse_month(request.args.get(name, ""))
    except RuleError:
        return None


def _runs(form: LevyForm, provisional: Any = None) -> str:
    session = db_session()
    page = page_asked()
    regions = {region.code: region for region in regions_in(scope(), session)}
    runs, has_more = latest_runs(session, list(regions), page=page)
    return render_template(
        "desk/levy/runs.html",
        form=form,
        runs=runs,
        tasks=open_tasks(session, list(regions)),
        provisional=provisional,
        regions=regions,
        has_more=has_more,
        page=page,
        kinds=KINDS,
        states=STATES,
    )


def _levy_form() -> LevyForm:
    form = LevyForm()
    form.region.choices = _region_choices()
    if request.method == "GET":
        form.month.data = add_months(month_of(clock.today()), -1)
    return form


def _region_choices() -> list[tuple[str, str]]:
    return [(region.code, region_name(region)) for region in regions_in(scope(), db_session())]


def _run(run_id: int) -> LevyRun:
    run = db_session().get(LevyRun, run_id)
    if run is None:
        abort(404)
    return run
