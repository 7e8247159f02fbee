"""The employer's pages of monthly statements: a list to look through, print, or hand out."""

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext as _

from siweb import clock
from siweb.audit.record import record_activity
from siweb.auth.access import acting, acting_for, actor
from siweb.collection.bills.people import all_people, in_month, load_people
from siweb.collection.bills.sheet import write_people
from siweb.collection.monthly.months import billed_months
from siweb.documents.spreadsheets.sheet import MEDIA_TYPE, as_download, pieces
from siweb.registry.codes import Insurance
from siweb.rules.calendar.months import parse_month
from siweb.rules.errors import RuleError
from siweb.web.database import db_session, write_session, writes
from siweb.web.htmx import render_page
from siweb.web.language.formats import month as month_text
from siweb.web.paging import page_asked, search_asked

blueprint = Blueprint("monthly", __name__, url_prefix="/employer/<uscc>/statements")


@blueprint.get("")
@acting_for("viewer")
def show_months() -> str:
    months = billed_months(db_session(), acting().employer_id)
    return render_template("collection/monthly/months.html", months=months)


@blueprint.get("/<month>")
@acting_for("viewer")
def show_month(month: str) -> str:
    month = _month(month)
    query = search_asked()
    page = page_asked()
    behind = in_month(acting().employer_id, month)
    return render_page(
        "collection/monthly/month.html",
        "collection/monthly/_month.html",
        month=month,
        found=load_people(db_session(), behind, query, page),
    )


@blueprint.get("/<month>.xlsx")
@acting_for("viewer")
@writes
def send_sheet(month: str) -> Response:
    month, employer = _month(month), acting()
    # Noted before it is sent: the list is out even if sending breaks off.
    with write_session() as writer:
        record_activity(
            writer,
            "statements.exported",
            actor=actor(),
            at=clock.now(),
            subject=("employer", employer.employer_id),
            facts={"month": month},
        )
        writer.commit()
    people = all_people(db_session(), in_month(employer.employer_id, month))
    above = [employer.name, month_text(month), _("For handing out to each employee (SIL 60).")]
    file = write_people(month, list(Insurance), people, above=above)
    return Response(pieces(file), mimetype=MEDIA_TYPE, headers=as_download(f"{month}.xlsx"))


def _month(text: str) -> str:
    try:
        return parse_month(text)
    except RuleError:
        abort(404)
