"""Drafts that an employer keeps: named, or deleted."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import acting, acting_for, actor
from siweb.filings.drafts.forms import NameForm
from siweb.filings.drafts.keep import delete_draft, name_draft
from siweb.filings.find import find_filing
from siweb.filings.tables.filing import Filing, FilingState
from siweb.web.database import db_session
from siweb.web.read_once import read_once

blueprint = Blueprint("drafts", __name__, url_prefix="/employer/<uscc>")


@blueprint.route("/filings/<reference>/draft", methods=["GET", "POST"])
@acting_for("filer")
def keep(reference: str) -> Any:
    """Name a draft, or delete it."""
    session, filing, form = db_session(), _draft(reference), NameForm()
    if request.method == "POST" and "delete" in request.form:
        if not delete_draft(session, filing, actor=actor(), at=clock.now()):
            abort(404)
        session.commit()
        flash(_("The draft is deleted. None of it was ever sent."))
        return redirect(url_for("filings.show_filings"), 303)
    if request.method == "GET":
        form.title.data = filing.title
    elif form.validate():
        if not name_draft(session, filing, form.title.data or ""):
            abort(404)
        session.commit()
        return redirect(url_for("filings.show_filing", reference=reference), 303)
    page = render_template("filings/draft.html", filing=filing, form=form)
    return page if request.method == "GET" else (page, 422)


def _draft(reference: str) -> Filing:
    found = read_once(find_filing, acting().employer_id, reference)
    # While its list is read a job writes to it: a name could wait, a deletion could not.
    if found is None or found[0].state is not FilingState.DRAFT or not found[0].is_read:
        abort(404)
    return found[0]
