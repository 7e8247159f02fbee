"""The desk's pages of money that goes out: payouts, files for the bank, its answers."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.collection.own_accounts.own_account import account_offered
from siweb.collection.payouts.find import (
    ShownPayout,
    find_file,
    find_payout,
    insurances_of_file,
    latest_files,
    lines_of,
    list_payouts,
)
from siweb.collection.payouts.pain import pain_file
from siweb.collection.payouts.release import as_kept, as_shown, payable
from siweb.collection.statements.answers import Answered, file_of, take_in_booked, take_in_status
from siweb.collection.statements.bank_accounts import list_accounts
from siweb.collection.statements.reading.entry import StatementRefused
from siweb.collection.statements.reading.read_status import read_status
from siweb.collection.tables.payout import OF_INSURANCES, PaymentFile, PayoutState
from siweb.db.sealing.columns import seal_text
from siweb.desk.checking.once import once
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.payments.payouts.actions import PAYEE, RELEASE
from siweb.desk.payments.payouts.forms import AnswerForm, PayeeForm, ReleaseForm
from siweb.desk.payments.payouts.labels import ANSWERS, KINDS, LINES, STATES
from siweb.desk.subjects import of_payment_file, of_payout
from siweb.registry.packs.in_force import packs_in_force
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.labels import region_name, template_labels
from siweb.web.paging import page_asked
from siweb.web.read_once import read_once

blueprint = Blueprint("payout_desk", __name__, url_prefix="/desk/payouts")
template_labels(blueprint, payout_words={"kinds": KINDS, "states": STATES, "lines": LINES})


@blueprint.get("")
@duty(Function.FINANCE)
def show_payouts() -> str:
    return _page()


@blueprint.post("/release")
@duty(Function.FINANCE)
@once
def release_file() -> Any:
    """Send a file of what is to be paid in a region to be checked."""
    form = _release_form()

    def send() -> None:
        session, region = db_session(), form.region.data
        # Only what the visitor's agency pays wholly: of the rest another one releases a file.
        kinds = [k for k, of in OF_INSURANCES.items() if scope().covers(region, of, wholly=True)]
        send_to_check(
            RELEASE,
            # One of a region waits at a time, so that no payout is in two that are checked.
            f"payment_file:{region}",
            {
                "account_id": int(form.account.data),
                "on": form.on.data.isoformat(),
                "kinds": kinds,
                "shown": as_kept(as_shown(payable(session, region, kinds))),
            },
            form.because.data,
            region_code=region,
            packs=packs_in_force(session),
            scans=form.scans.data,
        )

    if form.validate() and carried_out(form, send, lambda refused: why(refused, RELEASE)):
        flash(str(SENT))
        return redirect(url_for("payout_desk.show_payouts"), 303)
    return _page(release=form), 422


@blueprint.post("/answers")
@duty(Function.FINANCE)
def take_in() -> Any:
    """Take in what the bank answers to a file; the same answer again changes nothing."""
    form = AnswerForm()
    answered: list[tuple[PaymentFile | None, Answered]] = []

    def note() -> None:
        session = db_session()
        report = read_status(form.file.data.stream)
        if not report.message_id and report.statuses:
            covers = scope().covers
            came = take_in_booked(session, report, covers, actor=actor(), at=clock.now())
            answered.append((None, came))
            return
        file = file_of(session, report)
        about = insurances_of_file(session, file.id)
        if not scope().covers(file.region_code, about, wholly=True):
            raise StatementRefused("unknown_file")
        came = take_in_status(session, file, report, actor=actor(), at=clock.now())
        answered.append((file, came))

    if form.validate() and carried_out(form, note, lambda refused: str(ANSWERS[refused.code])):
        [(file, came)] = answered
        flash(_of_booked(came) if file is None else _of_answer(came))
        page = url_for("payout_desk.show_payouts")
        if file is not None:
            page = url_for("payout_desk.show_file", reference=file.reference)
        return redirect(page, 303)
    return _page(answer=form), 422


def _of_answer(came: Answered) -> str:
    return str(
        _(
            "The bank’s answer: %(paid)s paid, %(rejected)s rejected, %(on_the_way)s on the "
            "way, %(unknown)s not of this file.",
            paid=came.paid,
            rejected=came.rejected,
            on_the_way=came.on_the_way,
            unknown=came.unknown,
        )
    )


def _of_booked(came: Answered) -> str:
    return str(
        _(
            "What the bank booked: %(paid)s paid, %(returned)s came back, %(unknown)s not of our "
            "payments.",
            paid=came.paid,
            returned=came.returned,
            unknown=came.unknown,
        )
    )


@blueprint.get("/<reference>")
@duty(Function.FINANCE, of=of_payout)
def show_payout(reference: str) -> str:
    return _payout_page(_found(reference))


@blueprint.post("/<reference>/payee")
@duty(Function.FINANCE, of=of_payout)
@once
def name_one(reference: str) -> Any:
    """Send the account that a payout goes to to be checked."""
    payout, form = _found(reference).payout, PayeeForm()

    def send() -> None:
        good = form.payee().checked()
        # As in its own column: a task is no place for accounts in the clear.
        named = {"name": good.name, "account": seal_text(good.account), "bank": good.bank}
        send_to_check(
            PAYEE,
            f"payout:{payout.reference}",
            {"payout_id": payout.id, "reference": payout.reference, **named},
            form.because.data,
            region_code=payout.region_code,
            person_id=payout.person_id,
            employer_id=payout.employer_id,
            packs=packs_in_force(db_session()),
            scans=form.scans.data,
        )

    if form.validate() and carried_out(form, send, lambda refused: why(refused, PAYEE)):
        flash(str(SENT))
        return redirect(url_for("payout_desk.show_payout", reference=payout.reference), 303)
    return _payout_page(_found(reference), form), 422


@blueprint.get("/files/<reference>")
@duty(Function.FINANCE, of=of_payment_file)
def show_file(reference: str) -> str:
    file = _file(reference)
    return render_template(
        "desk/payments/payouts/file.html", file=file, lines=lines_of(db_session(), file.id)
    )


@blueprint.get("/files/<reference>/pain.001.xml")
@duty(Function.FINANCE, of=of_payment_file)
def send_file(reference: str) -> Response:
    """Send the file for the bank, the same each time."""
    file = _file(reference)
    content = pain_file(file, lines_of(db_session(), file.id), "社会保险")
    answer = Response(content, mimetype="application/xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file.reference}.xml"'
    return answer


def _page(*, release: ReleaseForm | None = None, answer: AnswerForm | None = None) -> str:
    payouts, has_more = read_once(list_payouts, scope=scope(), page=page_asked())
    return render_template(
        "desk/payments/payouts/payouts.html",
        payouts=payouts,
        has_more=has_more,
        page=page_asked(),
        files=latest_files(db_session(), scope=scope()),
        release=release or _release_form(empty=True),
        answer=answer or AnswerForm(None),
    )


def _release_form(*, empty: bool = False) -> ReleaseForm:
    form, session = ReleaseForm(None) if empty else ReleaseForm(), db_session()
    form.region.choices = [(each.code, region_name(each)) for each in regions_in(scope(), session)]
    form.account.choices = [
        (str(each.id), f"{each.number} · {each.bank}")
        for each in list_accounts(session, scope=scope())
    ]
    return form


def _payout_page(shown: ShownPayout, form: PayeeForm | None = None) -> str:
    payout, own = shown.payout, account_offered(db_session(), shown.payout)
    typed = {"name": payout.payee_name}
    # A rejected one is named anew: what stands there did not work.
    is_asked = not payout.payee_account or payout.state is PayoutState.REJECTED
    if own is not None and is_asked:
        # Offered, not taken: two people compare it with the payee's paper first.
        typed = {"name": own.holder, "account": own.number}
    return render_template(
        "desk/payments/payouts/payout.html",
        shown=shown,
        payout=payout,
        own=own,
        form=form or PayeeForm(None, data=typed),
        waiting=waiting_about(f"payout:{shown.payout.reference}", PAYEE),
    )


def _found(reference: str) -> ShownPayout:
    shown = read_once(find_payout, reference)
    if shown is None:
        abort(404)
    return shown


def _file(reference: str) -> PaymentFile:
    file = read_once(find_file, reference)
    if file is None:
        abort(404)
    return file
