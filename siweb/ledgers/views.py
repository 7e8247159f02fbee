"""A person's own record: years, months, the individual account, statements."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, signed_in, whose
from siweb.auth.helping.tell import tell_helped
from siweb.documents.secret import document_secret
from siweb.ledgers.account.growth import draw_growth
from siweb.ledgers.account.method import method_for
from siweb.ledgers.account.temporary import open_temporary
from siweb.ledgers.account.year import load_account
from siweb.ledgers.account.years import load_account_years
from siweb.ledgers.certificates.forms import why
from siweb.ledgers.labels import ENTRY_KINDS, SHORT_INSURANCES
from siweb.ledgers.record.first_year import is_recorded_year
from siweb.ledgers.record.marks import places_of, shape_of
from siweb.ledgers.record.monthly_statements import load_months
from siweb.ledgers.record.pictures import draw_insurances, key_of
from siweb.ledgers.record.without_months import why_without_months
from siweb.ledgers.record.year_sheet import load_sheet
from siweb.ledgers.record.yearly_statement import (
    NothingRecorded,
    StatementRevoked,
    issue_statement,
)
from siweb.ledgers.record.years import load_years
from siweb.messages.kinds.helping import HELP_PAPER
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.web.browser.csrf import csrf_token
from siweb.web.charts.columns import TALL
from siweb.web.database import db_reader, db_session
from siweb.web.drawn import render_drawn
from siweb.web.language.formats import yuan_number
from siweb.web.paging import page_asked

blueprint = Blueprint("ledgers", __name__)
# More missing stretches than these are counted; each stands in the pictures anyway.
GAPS_SHOWN = 5


@blueprint.get("/record")
@signed_in
def show_years() -> str:
    session, person_id, on = db_session(), whose(), clock.today()
    years = load_years(session, person_id, on=on)
    elsewhere = bool(years.segments)
    return render_template(
        "ledgers/years.html",
        years=years,
        without=None
        if years.lines
        else why_without_months(session, person_id, counts_elsewhere=elsewhere, on=on),
        pictures=draw_insurances(years),
        key=key_of(years),
        insurances=SHORT_INSURANCES,
        gaps_shown=GAPS_SHOWN,
    )


@blueprint.get("/record/<int:year>")
@signed_in
def show_year(year: int) -> str:
    today = clock.today()
    _check_year(year, today)
    sheet = load_sheet(db_reader(), whose(), year, on=today)
    given = shape_of(sheet)
    places = places_of(sheet) | {"csrf_token": csrf_token()}
    return render_drawn("ledgers/year.html", given, places)


@blueprint.get("/record/months")
@signed_in
def show_months() -> str:
    session, person_id, page = db_session(), whose(), page_asked()
    months, has_more = load_months(session, person_id, page=page)
    return render_template(
        "ledgers/months.html",
        months=months,
        without=None if months else why_without_months(session, person_id, on=clock.today()),
        has_more=has_more,
        page=page,
    )


@blueprint.get("/record/account")
@signed_in
def show_account() -> str:
    session, person_id, on = db_session(), whose(), clock.today()
    account = load_account_years(session, person_id)
    region_code = session.get_one(Person, person_id).region_code
    return render_template(
        "ledgers/account.html",
        account=account,
        without=None if account.lines else why_without_months(session, person_id, on=on),
        temporary=open_temporary(session, person_id),
        growth=draw_growth(account.growth, TALL),
        write_yuan=yuan_number,
        method=method_for(packs_in_force(session), region_code, on=on),
    )


@blueprint.get("/record/account/<int:year>")
@signed_in
def show_account_year(year: int) -> str:
    _check_year(year, clock.today())
    session, person_id = db_session(), whose()
    years = load_account_years(session, person_id).years
    if year not in years:
        abort(404)
    return render_template(
        "ledgers/account_year.html",
        account=load_account(session, person_id, year),
        before=max((other for other in years if other < year), default=None),
        after=min((other for other in years if other > year), default=None),
        kinds=ENTRY_KINDS,
    )


@blueprint.post("/record/<int:year>/statement")
@signed_in
def issue(year: int) -> Response:
    session, at = db_session(), clock.now()
    _check_year(year, clock.today())
    try:
        issued = issue_statement(
            session, whose(), year, secret=document_secret(), actor=actor(), at=at
        )
        tell_helped(session, HELP_PAPER, ("document", issued.reference), actor=actor(), at=at)
    except NothingRecorded:
        abort(404)
    except StatementRevoked as refused:
        flash(why(refused))
        return redirect(url_for("ledgers.show_year", year=year), 303)
    session.commit()
    return redirect(url_for("documents.show_document", reference=issued.reference), 303)


def _check_year(year: int, today: date) -> None:
    if not is_recorded_year(year, today):
        abort(404)
