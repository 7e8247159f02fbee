"""The desk's pages of bank statements: hand one in, follow its import, confirm or take it back."""

from pathlib import Path
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

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.collection.statements.bank_accounts import list_accounts
from siweb.collection.statements.hold import list_held
from siweb.collection.statements.labels import (
    DIFFERENCES,
    FIELDS,
    REASONS,
    REFUSALS,
    STATES,
    bank_name,
)
from siweb.collection.statements.labels import refusal_sentence as sentence
from siweb.collection.statements.mapping import keep_mapping
from siweb.collection.statements.open_statement import survey_again
from siweb.collection.statements.reading.entry import StatementRefused, plain_account
from siweb.collection.statements.upload import (
    StatementShown,
    find_statement,
    latest_statements,
    request_import,
    upload_statement,
)
from siweb.collection.statements.withdraw import left_to
from siweb.collection.tables.bank_statement import BankStatement
from siweb.desk.checking.once import once
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.statements.actions import ACCOUNT, IMPORT, WITHDRAW, statement_subject
from siweb.desk.statements.forms import (
    AccountForm,
    ConfirmForm,
    StatementForm,
    WithdrawForm,
    mapping_form,
)
from siweb.desk.subjects import of_statement
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.errors import Refusal
from siweb.tasks.find import was_done
from siweb.web.database import db_session
from siweb.web.file_store import file_store
from siweb.web.forms.carry_out import carried_out
from siweb.web.htmx import wants_piece
from siweb.web.language.labels import region_name
from siweb.web.paging import page_asked

blueprint = Blueprint("statement_desk", __name__, url_prefix="/desk/statements")
HELD_SHOWN = 50


@blueprint.get("")
@duty(Function.FINANCE)
def show_statements() -> str:
    return _page(_form())


@blueprint.post("")
@duty(Function.FINANCE)
def hand_in() -> Any:
    """Keep the file; import it at once when its columns are named."""
    form, session = _form(), db_session()
    if not form.validate():
        return _page(form), 422
    try:
        statement = upload_statement(
            session,
            form.region.data,
            form.bank.data or "",
            form.file.data.stream,
            file_store(),
            file_name=Path(form.file.data.filename or "").name,
            account=form.account.data or "",
            actor=actor(),
            at=clock.now(),
        )
    except StatementRefused as refused:
        form.show_refusal(refused.code, str(sentence(refused.code, refused.facts)))
        return _page(form), 422
    shown = find_statement(session, statement.id)
    if statement.finished_at is not None:
        flash(_("This file was here before: nothing was booked twice."))
    elif shown is not None and not shown.needs_mapping and not shown.needs_confirmation:
        return _request(shown)
    session.commit()
    return redirect(_address(statement.id), 303)


@blueprint.get("/<int:statement_id>")
@duty(Function.FINANCE, of=of_statement)
def show_statement(statement_id: int) -> Any:
    """Show how far an import is, or what it came to."""
    shown = _shown(statement_id)
    if wants_piece():
        if shown.is_under_way:
            return render_template("desk/statements/_progress.html", shown=shown)
        answer = make_response("", 200)
        # The page of progress asked for its piece: now that the import ended it is loaded anew as
        # a whole.
        answer.headers["HX-Refresh"] = "true"
        return answer
    return _statement_page(shown)


@blueprint.post("/<int:statement_id>/go-on")
@duty(Function.FINANCE, of=of_statement)
def go_on(statement_id: int) -> Any:
    """Import a statement whose import stopped; what is in stays in."""
    return _request(_shown(statement_id), goes_on=True)


@blueprint.post("/<int:statement_id>/confirm")
@duty(Function.FINANCE, of=of_statement)
@once
def confirm(statement_id: int) -> Any:
    """Import a statement whose totals do not fit its entries, for a reason."""
    shown, form = _shown(statement_id), ConfirmForm(prefix="confirm-")
    if not form.validate():
        return _statement_page(shown, confirm=form), 422
    if not shown.needs_confirmation:
        return _answered_for(shown)
    statement, because = shown.statement, form.because.data or ""
    if not carried_out(
        form,
        lambda: _import_or_send(statement, because, goes_on=False),
        lambda refused: why(refused, IMPORT),
    ):
        return _statement_page(_shown(statement_id), confirm=form), 422
    return redirect(_address(statement_id), 303)


@blueprint.post("/<int:statement_id>/withdraw")
@duty(Function.FINANCE, of=of_statement)
@once
def withdraw(statement_id: int) -> Any:
    """Send it to be checked that the whole import is taken back, while nothing of it was used."""
    shown, form = _shown(statement_id), WithdrawForm(prefix="withdraw-")

    def send() -> None:
        send_to_check(
            WITHDRAW,
            statement_subject(statement_id),
            {"statement_id": statement_id},
            form.because.data or "",
            region_code=shown.statement.region_code,
            packs=packs_in_force(db_session()),
        )

    if not form.validate():
        return _statement_page(shown, withdraw=form), 422
    if not carried_out(form, send, lambda refused: why(refused, WITHDRAW)):
        return _statement_page(_shown(statement_id), withdraw=form), 422
    flash(str(SENT))
    return redirect(_address(statement_id), 303)


@blueprint.route("/<int:statement_id>/columns", methods=["GET", "POST"])
@duty(Function.FINANCE, of=of_statement)
def name_columns(statement_id: int) -> Any:
    """Name how the bank of a statement writes its table; kept for the next one."""
    shown = _shown(statement_id)
    statement = shown.statement
    form = mapping_form(shown.mapping.mapping if shown.mapping else None)
    if request.method == "POST" and form.validate():
        keep_mapping(
            db_session(),
            statement.region_code,
            statement.bank,
            form.mapping(),
            actor=actor(),
            at=clock.now(),
        )
        survey_again(db_session(), statement)
        # While an import waits to be checked its columns stay as its maker saw them.
        return _request(shown, flashed=_("Kept for this bank."))
    page = render_template("desk/statements/columns.html", form=form, statement=statement)
    return page if request.method == "GET" else (page, 422)


@blueprint.route("/accounts", methods=["GET", "POST"])
@duty(Function.FINANCE)
def show_accounts() -> Any:
    """List the office's bank accounts, and register one."""
    form, session = _account_form(), db_session()
    if request.method == "POST" and form.validate():
        region = form.region.data or None
        typed = {"number": form.number.data, "bank": form.bank.data, "region_code": region}

        def send() -> None:
            send_to_check(
                ACCOUNT,
                f"bank_account:{plain_account(form.number.data or '')}",
                typed,
                form.because.data,
                region_code=region,
                packs=packs_in_force(session),
                scans=form.scans.data,
            )

        if carried_out(form, send, lambda refused: why(refused, ACCOUNT)):
            flash(str(SENT))
            return redirect(url_for("statement_desk.show_accounts"), 303)
    page = render_template(
        "desk/statements/accounts.html",
        form=form,
        accounts=list_accounts(session, scope=scope()),
        regions=dict(_regions()),
    )
    return page if request.method == "GET" else (page, 422)


def _request(shown: StatementShown, *, goes_on: bool = False, flashed: str = "") -> Any:
    """Send an import to be checked; one that stopped goes on when somebody checked it before."""
    session, statement = db_session(), shown.statement
    try:
        if statement.withdrawn_at is None:
            _import_or_send(statement, None, goes_on=goes_on)
        if flashed:
            flash(flashed)
    except Refusal as refused:
        session.rollback()
        flash(why(refused, IMPORT))
    session.commit()
    return redirect(_address(statement.id), 303)


def _import_or_send(statement: BankStatement, because: str | None, *, goes_on: bool) -> None:
    """Import or send; `because` is why it is right although its totals do not fit."""
    subject = statement_subject(statement.id)
    if goes_on and was_done(db_session(), subject, IMPORT.kind):
        request_import(db_session(), statement, actor=actor(), at=clock.now())
        return
    send_to_check(
        IMPORT,
        subject,
        {"statement_id": statement.id, "confirms": because is not None},
        because or statement.file_name,
        region_code=statement.region_code,
        packs=packs_in_force(db_session()),
    )
    flash(str(SENT))


def _answered_for(shown: StatementShown) -> Any:
    """Say who was first: the reason that is typed now is not kept."""
    statement = shown.statement
    if statement.withdrawn_at is not None:
        flash(str(REFUSALS["withdrawn"]))
    elif statement.confirmed_at is not None:
        flash(_("It was confirmed already: %(reason)s", reason=statement.confirmed_because))
    db_session().commit()
    return redirect(_address(statement.id), 303)


def _address(statement_id: int) -> str:
    return url_for("statement_desk.show_statement", statement_id=statement_id)


def _shown(statement_id: int) -> StatementShown:
    shown = find_statement(db_session(), statement_id)
    if shown is None:
        abort(404)
    return shown


def _form() -> StatementForm:
    form, session = StatementForm(), db_session()
    form.region.choices = _regions()
    accounts = [
        (account.number, f"{account.number} · {account.bank}")
        for account in list_accounts(session, scope=scope())
    ]
    form.account.choices = [("", _("As the file names it")), *accounts]
    form.account.data = form.account.data or ""
    return form


def _account_form() -> AccountForm:
    """Return the form of an account: the whole office's is registered by who acts for it."""
    form = AccountForm()
    every = [("", _("every region of the office"))] if scope().covers(None) else []
    form.region.choices = [*every, *_regions()]
    return form


def _regions() -> list[tuple[str, str]]:
    return [(region.code, region_name(region)) for region in regions_in(scope(), db_session())]


def _page(form: StatementForm) -> str:
    session, page = db_session(), page_asked()
    statements, has_more = latest_statements(session, scope=scope(), page=page)
    return render_template(
        "desk/statements/statements.html",
        form=form,
        statements=statements,
        bank_name=bank_name,
        has_more=has_more,
        page=page,
    )


def _leaves_to_others(shown: StatementShown) -> bool:
    """Return whether it was taken back, and other statements have some of its entries."""
    statement = shown.statement
    return statement.withdrawn_at is not None and bool(left_to(db_session(), statement.id))


def _statement_page(shown: StatementShown, **forms: Any) -> str:
    refusal = shown.statement.refusal
    held, has_more = list_held(
        db_session(), shown.statement.id, scope=scope(), page=1, size=HELD_SHOWN
    )
    return render_template(
        "desk/statements/statement.html",
        shown=shown,
        refusal=refusal and sentence(refusal["code"], refusal),
        held=held,
        waiting=waiting_about(f"bank_statement:{shown.statement.id}", IMPORT, WITHDRAW),
        others_have_some=_leaves_to_others(shown),
        has_more_held=has_more,
        reasons=REASONS,
        fields=FIELDS,
        bank_name=bank_name,
        states=STATES,
        differences=DIFFERENCES,
        confirm=forms.get("confirm") or ConfirmForm(None, prefix="confirm-"),
        withdraw=forms.get("withdraw") or WithdrawForm(None, prefix="withdraw-"),
    )
