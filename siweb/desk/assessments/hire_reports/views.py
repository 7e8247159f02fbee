"""The desk's pages of reports: the queue, one report, lists to compare."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.tables.appointment import Function
from siweb.collection.assessments.find import elsewhere, find_report, open_reports
from siweb.collection.assessments.labels import REFUSALS
from siweb.collection.assessments.propose import propose_for_report
from siweb.collection.assessments.reports.import_list import Compared, compare_list
from siweb.collection.assessments.reports.report_hire import drop_report, name_employer
from siweb.collection.tables.assessment import BaseRule
from siweb.collection.tables.hire_report import HireReport, ReportState
from siweb.desk.assessments.forms import BasisForm
from siweb.desk.assessments.hire_reports.forms import AnswerForm, ListForm
from siweb.desk.assessments.hire_reports.labels import LIST_ERRORS
from siweb.desk.assessments.hire_reports.questioned_months import take_in_questioned_months
from siweb.desk.employers.forms import EmployerForm
from siweb.desk.subjects import of_hire_report
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.errors import Refusal, RuleError
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.formats import count
from siweb.web.paging import page_asked

blueprint = Blueprint("hire_reports", __name__, url_prefix="/desk/hire-reports")


@blueprint.get("")
@duty(Function.REGISTRATION)
def show_reports() -> str:
    page = page_asked()
    reports, has_more = open_reports(db_session(), scope=scope(), page=page)
    return render_template(
        "desk/hire_reports/reports.html", reports=reports, has_more=has_more, page=page
    )


@blueprint.post("/reviews")
@duty(Function.REGISTRATION)
def take_in_reviews() -> Response:
    """Take in what people questioned in the yearly review."""
    session = db_session()
    accepted = take_in_questioned_months(session, scope=scope(), at=clock.now())
    session.commit()
    flash(
        ngettext(
            "%(count)s new report from the yearly review.",
            "%(count)s new reports from the yearly review.",
            accepted,
            count=count(accepted),
        )
    )
    return redirect(url_for("hire_reports.show_reports"), 303)


@blueprint.route("/lists", methods=["GET", "POST"])
@duty(Function.REGISTRATION)
def compare() -> Any:
    """Compare an uploaded list with the register."""
    form, done = ListForm(), None
    is_good = request.method == "POST" and form.validate()
    if is_good:
        session = db_session()
        done = compare_list(
            session,
            form.file.data.read(),
            packs=packs_in_force(session),
            actor=actor(),
            on=clock.today(),
            at=clock.now(),
            scope=scope(),
        )
        session.commit()
    page = render_template(
        "desk/hire_reports/lists.html", form=form, done=done, errors=_errors(done)
    )
    return page if is_good or request.method == "GET" else (page, 422)


@blueprint.route("/<reference>", methods=["GET", "POST"])
@duty(Function.REGISTRATION, of=of_hire_report)
def show_report(reference: str) -> Any:
    """Show a report, and open a case on it."""
    report, employer = _report(reference)
    form = _basis_form(report)
    opened: list[str] = []

    def propose() -> None:
        session = db_session()
        assessment = propose_for_report(
            session,
            report,
            form.basis(),
            packs=packs_in_force(session),
            actor=actor(),
            on=clock.today(),
            at=clock.now(),
        )
        opened.append(assessment.reference)

    if request.method == "POST" and form.validate():
        if carried_out(form, propose, _why):
            flash(_("Proposed. The employer may answer now."))
            return redirect(url_for("assessment_desk.show_case", reference=opened[0]), 303)
        report, employer = _report(reference)
    page = _page(report, employer, form)
    return page if request.method == "GET" else (page, 422)


@blueprint.post("/<reference>/employer")
@duty(Function.REGISTRATION, of=of_hire_report)
def set_employer(reference: str) -> Any:
    """Say which employer a report means."""
    (report, employer), form = _report(reference), EmployerForm()
    named: list[bool] = []

    def name() -> None:
        named.append(name_employer(db_session(), report, form.employer.data or ""))

    if form.validate():
        if not carried_out(form, name, _why):
            report, employer = _report(reference)
        elif named == [True]:
            return redirect(url_for("hire_reports.show_report", reference=reference), 303)
        else:
            sentence = _("The register has no such employer, or several of that name.")
            form.employer.errors = [sentence]
    return _page(report, employer, _basis_form(report), named=form), 422


@blueprint.post("/<reference>/drop")
@duty(Function.REGISTRATION, of=of_hire_report)
def drop(reference: str) -> Any:
    """End a report without a case."""
    (report, employer), form = _report(reference), AnswerForm()
    if not form.validate():
        return _page(report, employer, _basis_form(report), answer=form), 422
    answer = form.answer.data or ""
    if not carried_out(
        form,
        lambda: drop_report(db_session(), report, answer, actor=actor(), at=clock.now()),
        _why,
    ):
        report, employer = _report(reference)
        return _page(report, employer, _basis_form(report), answer=form), 422
    return redirect(url_for("hire_reports.show_reports"), 303)


def _why(refused: Refusal) -> str:
    code = "parameter_missing" if isinstance(refused, RuleError) else refused.code
    return str(REFUSALS[code])


def _page(
    report: HireReport,
    employer: Employer | None,
    form: BasisForm,
    *,
    named: EmployerForm | None = None,
    answer: AnswerForm | None = None,
) -> str:
    return render_template(
        "desk/hire_reports/report.html",
        report=report,
        employer=employer,
        form=form,
        named=named or EmployerForm(None),
        answer=answer or AnswerForm(None),
        is_open=report.state is ReportState.OPEN,
        elsewhere=elsewhere(db_session(), report),
    )


def _basis_form(report: HireReport) -> BasisForm:
    """Return the form with what the report says already filled in."""
    form = BasisForm()
    if request.endpoint != "hire_reports.show_report" or request.method == "GET":
        last = report.ended_on or clock.today()
        form.from_month.data = month_of(report.hired_on)
        form.to_month.data = max(
            # Of who still works there the month before this one: this one is not to be declared
            # yet.
            month_of(last) if report.ended_on else add_months(month_of(last), -1),
            month_of(report.hired_on),
        )
        if report.wage_fen is not None:
            form.base_rule.data = BaseRule.WAGE.value
            form.wage.data = report.wage_fen
    return form


def _report(reference: str) -> tuple[HireReport, Employer | None]:
    found = find_report(db_session(), reference)
    if found is None:
        abort(404)
    return found


def _errors(done: Compared | None) -> list[str]:
    if done is None:
        return []
    return [
        _("Line %(line)s: %(what)s", line=line, what=LIST_ERRORS.get(code, LIST_ERRORS["number"]))
        for line, code in done.errors
    ]
