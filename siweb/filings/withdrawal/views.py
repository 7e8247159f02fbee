"""The page on which an employer withdraws or replaces what it sent."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from siweb import clock
from siweb.auth.access import acting, acting_for, actor
from siweb.filings.find import find_filing
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.withdrawal.difference import differences
from siweb.filings.withdrawal.find import rows_to_withdraw
from siweb.filings.withdrawal.forms import WithdrawForm
from siweb.filings.withdrawal.labels import OBSTACLES, REFUSALS
from siweb.filings.withdrawal.withdraw import WithdrawalRefused, Withdrawn, replace, withdraw
from siweb.registry.packs.in_force import packs_in_force
from siweb.web.database import db_session
from siweb.web.language.labels import template_labels
from siweb.web.paging import number_asked
from siweb.web.read_once import read_once

blueprint = Blueprint("withdrawal", __name__, url_prefix="/employer/<uscc>")
template_labels(blueprint, withdrawal_words={"obstacles": OBSTACLES})


@blueprint.route("/filings/<reference>/withdraw", methods=["GET", "POST"])
@acting_for("filer")
def withdraw_filing(reference: str) -> Any:
    """Withdraw a filing or rows of it; or replace them by a draft in which they are corrected."""
    session, filing = db_session(), _sent(reference)
    shown = rows_to_withdraw(session, filing, number_asked("row"))
    form = WithdrawForm()
    form.prepare([(row.position, row.label) for row in shown.rows if row.obstacle is None])
    # Asked again after it was done there is nothing left to choose from; that is no mistake.
    is_done = not shown.rows
    if request.method == "POST" and (is_done or form.validate()):
        chosen = None if shown.is_whole or is_done else form.rows.data
        return _withdrawn(filing, chosen, form.reason.data or "")
    page = render_template(
        "filings/withdrawal/withdraw.html",
        filing=filing,
        shown=shown,
        form=form,
        differences=differences(session, filing, shown.rows, packs=packs_in_force(session)),
    )
    return page if request.method == "GET" else (page, 422)


def _withdrawn(filing: Filing, chosen: Any, reason: str) -> Any:
    session, leads_to = db_session(), filing.reference
    try:
        if "replace" in request.form:
            done, draft = replace(
                session,
                filing,
                chosen,
                reason=reason,
                packs=packs_in_force(session),
                actor=actor(),
                on=clock.today(),
                at=clock.now(),
            )
            leads_to = filing.reference if draft is None else draft.reference
        else:
            done = withdraw(session, filing, chosen, reason=reason, actor=actor(), at=clock.now())
    except WithdrawalRefused as refused:
        session.rollback()
        flash(str(REFUSALS[refused.code]))
        return redirect(url_for("filings.show_filing", reference=leads_to), 303)
    session.commit()
    flash(_told(done, is_replaced="replace" in request.form))
    return redirect(url_for("filings.show_filing", reference=leads_to), 303)


def _told(done: Withdrawn, *, is_replaced: bool) -> str:
    if not done.rows:
        return str(_("This was withdrawn before; nothing was done twice."))
    sentences = [
        ngettext(
            "%(count)s row is withdrawn, as if it had never been sent.",
            "%(count)s rows are withdrawn, as if they had never been sent.",
            done.rows,
            count=done.rows,
        )
    ]
    if done.left:
        left = done.left.total()
        sentences.append(ngettext("%(count)s row stays.", "%(count)s rows stay.", left, count=left))
    if is_replaced:
        sentences.append(_("Correct the draft and send it: until then nothing is declared."))
    return " ".join(str(sentence) for sentence in sentences)


def _sent(reference: str) -> Filing:
    found = read_once(find_filing, acting().employer_id, reference)
    if found is None or found[0].state is not FilingState.CONFIRMED:
        abort(404)
    return found[0]
