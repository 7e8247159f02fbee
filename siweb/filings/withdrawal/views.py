"""The page on which an employer withdraws or replaces what it sent."""

from collections import Counter
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from siweb import clock
from siweb.auth.access import acting, acting_for, actor
from siweb.filings.find import find_filing
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.withdrawal.difference import differences
from siweb.filings.withdrawal.find import RowsToWithdraw, rows_to_withdraw
from siweb.filings.withdrawal.forms import WithdrawForm
from siweb.filings.withdrawal.labels import OBSTACLES, REFUSALS
from siweb.filings.withdrawal.portions import (
    begin_withdrawing,
    has_stopped,
    is_withdrawn_later,
)
from siweb.filings.withdrawal.withdraw import Withdrawn, replace, withdraw
from siweb.registry.packs.in_force import packs_in_force
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.formats import count
from siweb.web.language.labels import template_labels
from siweb.web.paging import number_asked
from siweb.web.read_once import read_once

blueprint = Blueprint("withdrawal", __name__, url_prefix="/employer/<uscc>")
template_labels(blueprint, withdrawal_words={"obstacles": OBSTACLES})


@blueprint.route("/filings/<reference>/withdraw", methods=["GET", "POST"])
@acting_for("filer")
def withdraw_filing(reference: str) -> Any:
    """Withdraw a filing or rows of it; or replace them by a draft in which they are corrected."""
    filing, form = _sent(reference), WithdrawForm()
    shown = _offered(filing, form)
    # Asked again after it was done there is nothing left to choose from; that is no mistake.
    is_done = not shown.rows or _goes_on(filing)
    if request.method == "POST" and (is_done or form.validate()):
        asked = _Asked(filing, None if shown.is_whole or is_done else form.rows.data or [], form)
        if carried_out(form, asked.do, lambda refused: str(REFUSALS[refused.code])):
            flash(asked.sentence())
            return redirect(url_for("filings.show_filing", reference=asked.leads_to), 303)
        filing = _sent(reference)
        shown = _offered(filing, form)
    page = render_template(
        "filings/withdrawal/withdraw.html",
        filing=filing,
        shown=shown,
        form=form,
        differences=differences(
            db_session(),
            filing,
            shown,
            region_code=acting().region_code,
            packs=packs_in_force,
        ),
    )
    return page if request.method == "GET" else (page, 422)


def _offered(filing: Filing, form: WithdrawForm) -> RowsToWithdraw:
    shown = read_once(rows_to_withdraw, filing, number_asked("row"))
    free = [(row.position, row.label) for row in shown.rows if row.obstacle is None]
    form.prepare(free, is_whole=shown.is_whole)
    return shown


def _goes_on(filing: Filing) -> bool:
    """Return whether a withdrawal that stopped is to go on: its reason was given before."""
    return "again" in request.form and has_stopped(db_session(), filing)


class _Asked:
    """What the form asks for, and what came of it."""

    def __init__(self, filing: Filing, rows: list[int] | None, form: WithdrawForm) -> None:
        self.filing, self.rows = filing, rows
        self.reason = form.reason.data or ""
        self.is_replaced = "replace" in request.form
        # A row that is named is withdrawn at once, also of a very long list.
        self.is_later = rows is None and is_withdrawn_later(db_session(), filing)
        self.done = Withdrawn(0, Counter())
        self.leads_to = filing.reference

    def do(self) -> None:
        session = db_session()
        by: dict[str, Any] = {"reason": self.reason, "actor": actor(), "at": clock.now()}
        if self.is_later:
            begin_withdrawing(session, self.filing, is_replaced=self.is_replaced, **by)
            return
        if not self.is_replaced:
            self.done = withdraw(session, self.filing, self.rows, **by)
            return
        packs, on = packs_in_force(session), clock.today()
        self.done, draft = replace(session, self.filing, self.rows, packs=packs, on=on, **by)
        self.leads_to = self.leads_to if draft is None else draft.reference

    def sentence(self) -> str:
        if self.is_later:
            return str(_("Your list is being withdrawn, part by part: you may close this page."))
        return _sentence(self.done, is_replaced=self.is_replaced)


def _sentence(done: Withdrawn, *, is_replaced: bool) -> str:
    if not done.rows:
        return str(_("This was withdrawn before; nothing was done twice."))
    sentences = [
        ngettext(
            "%(count)s row is withdrawn, as if it had never been sent.",
            "%(count)s rows are withdrawn, as if they had never been sent.",
            done.rows,
            count=count(done.rows),
        )
    ]
    if done.left:
        left = done.left.total()
        sentences.append(
            ngettext("%(count)s row stays.", "%(count)s rows stay.", left, count=count(left))
        )
    if is_replaced:
        sentences.append(_("Correct the draft and send it: until then nothing is declared."))
    return " ".join(str(sentence) for sentence in sentences)


def _sent(reference: str) -> Filing:
    found = read_once(find_filing, acting().employer_id, reference)
    if found is None or found[0].state is not FilingState.CONFIRMED:
        abort(404)
    return found[0]
