"""The desk's pages of signs: what waits for a look, other offices' lists, one list, one sign."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.bring_in.labels import file_text
from siweb.desk.checking.send import SENT, attach_to_task, doing_now, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.reviews.signs.forms import (
    YES,
    ExaminationForm,
    GoOnForm,
    ListForm,
    SendListForm,
    StopForm,
    columns_form,
    layout_of,
    refuse_layout,
)
from siweb.desk.subjects import of_sign, of_sign_list
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.files.kept_file import FileKind
from siweb.files.store import FileGone
from siweb.ledgers.benefits.labels import BENEFITS
from siweb.ledgers.benefits.labels import STATES as BENEFIT_STATES
from siweb.ledgers.benefits.months import benefits_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import PAYING
from siweb.reviews.tables.sign import SignKind, SignList, SignListState, SignState
from siweb.rules.errors import Refusal
from siweb.signs import labels
from siweb.signs.actions import RESUME, STOP, TAKE_IN
from siweb.signs.columns import assigning, headings_of
from siweb.signs.examine import end_examination
from siweb.signs.find import (
    FoundSign,
    earlier_headings,
    find_sign,
    program_of,
    recent_lists,
    signs_of_list,
    who_saw,
)
from siweb.signs.hand_in import hand_in
from siweb.signs.propose import propose_list
from siweb.signs.take_in import SignsRefused, Trial, note_list, try_list
from siweb.signs.take_in import close_list as end_list
from siweb.web.database import db_session
from siweb.web.file_store import file_store
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.labels import region_name, template_labels
from siweb.web.read_once import read_once

blueprint = Blueprint("sign_desk", __name__, url_prefix="/desk/signs")
template_labels(
    blueprint,
    sign_words={"kinds": labels.KINDS, "states": labels.STATES, "verdicts": labels.VERDICTS},
)


@blueprint.route("/lists", methods=["GET", "POST"])
@duty(Function.REVIEW, about=PAYING)
def show_lists() -> Any:
    """Show the lists that were handed in, and hand one in."""
    form, session = ListForm(), db_session()
    form.region.choices = [
        (region.code, region_name(region)) for region in regions_in(scope(), session)
    ]
    if request.method == "POST" and form.validate():
        listed = hand_in(
            session,
            file_store(),
            form.file.data.stream,
            file_name=form.file.data.filename or "list",
            region_code=form.region.data,
            office=form.office.data or "",
            kind=form.given_kind,
            actor=actor(),
            at=clock.now(),
        )
        session.commit()
        return redirect(url_for("sign_desk.show_list", list_id=listed.id), 303)
    lists = recent_lists(session, scope())
    page = render_template("desk/signs/lists.html", form=form, lists=lists)
    return (page, 422) if form.errors else page


@blueprint.route("/lists/<int:list_id>", methods=["GET", "POST"])
@duty(Function.REVIEW, of=of_sign_list, about=PAYING)
def show_list(list_id: int) -> Any:
    """Say which column is which, and see what each row comes to; nothing of it is kept."""
    listed = _list(list_id)
    if listed.state is not SignListState.DRAFT:
        return _list_page(listed)
    try:
        with _file_of(listed) as file:
            return _try_columns(listed, file)
    except FileGone:
        return _list_page(listed, wrong=str(labels.REFUSALS["signs_gone"]))
    except SheetRefused as refused:
        return _list_page(listed, wrong=file_text(refused)), 422


@blueprint.post("/lists/<int:list_id>/send")
@duty(Function.REVIEW, of=of_sign_list, about=PAYING)
def send_list(list_id: int) -> Any:
    """Send a list to be checked: what it says is taken in after that."""
    listed, session, form = _list(list_id), db_session(), SendListForm()
    try:
        with _file_of(listed) as file:
            trial = _trial(listed, file)
        if not form.validate():
            session.commit()
            return _list_page(listed, trial=trial, sending=form), 422
        doing = doing_now(packs_in_force(session))
        task = propose_list(session, listed, trial, form.paper.data, doing)
        attach_to_task(task, form.scans.data)
    except FileGone:
        return _list_page(listed, wrong=str(labels.REFUSALS["signs_gone"])), 422
    except SheetRefused as refused:
        return _list_page(listed, wrong=file_text(refused)), 422
    except Refusal as refused:
        session.rollback()
        return _list_page(_list(list_id), wrong=why(refused, TAKE_IN)), 422
    session.commit()
    flash(str(SENT))
    return redirect(url_for("sign_desk.show_lists"), 303)


@blueprint.post("/lists/<int:list_id>/close")
@duty(Function.REVIEW, of=of_sign_list, about=PAYING)
def close_list(list_id: int) -> Any:
    """End a list in which nothing is new."""
    listed, session = _list(list_id), db_session()
    try:
        with _file_of(listed) as file:
            trial = _trial(listed, file)
        end_list(session, listed, trial, actor=actor(), at=clock.now())
    except FileGone:
        return _list_page(listed, wrong=str(labels.REFUSALS["signs_gone"])), 422
    except SheetRefused as refused:
        return _list_page(listed, wrong=file_text(refused)), 422
    except SignsRefused as refused:
        session.rollback()
        return _list_page(_list(list_id), wrong=str(labels.REFUSALS[refused.code])), 422
    session.commit()
    flash(_("Ended: nothing in it was new."))
    return redirect(url_for("sign_desk.show_lists"), 303)


@blueprint.route("/<int:sign_id>", methods=["GET", "POST"])
@duty(Function.REVIEW, of=of_sign, about=PAYING)
def examine(sign_id: int) -> Any:
    """Show a sign with what is known of the person, and keep how a look at it ended."""
    found, form = _sign(sign_id), _examination_form(sign_id)
    if request.method == "POST" and form.validate():
        is_so, words = form.verdict.data == YES, form.words.data or ""

        def end() -> None:
            sign = _sign(sign_id).sign
            session, now = db_session(), clock.now()
            end_examination(session, sign, is_so=is_so, words=words, actor=actor(), at=now)

        if carried_out(form, end, lambda refused: str(labels.EXAMINATIONS[refused.code])):
            flash(_("Kept. Nothing else was changed by it."))
            return redirect(url_for("desk.show_desk", kind="signs"), 303)
    page = _sign_page(_sign(sign_id) if form.errors else found, examination=form)
    return (page, 422) if form.errors or form.form_errors else page


@blueprint.post("/<int:sign_id>/stop")
@duty(Function.REVIEW, of=of_sign, about=PAYING)
def stop(sign_id: int) -> Any:
    """Propose that a sentence stops the benefits."""
    found, form = _sign(sign_id), StopForm(prefix="stop-")
    if form.validate() and _sent(form, found, STOP, {}):
        return redirect(url_for("sign_desk.examine", sign_id=sign_id), 303)
    return _sign_page(_sign(sign_id), stop=form), 422


@blueprint.post("/<int:sign_id>/go-on")
@duty(Function.REVIEW, of=of_sign, about=PAYING)
def let_go_on(sign_id: int) -> Any:
    """Propose that the benefits go on after a release."""
    found, form = _sign(sign_id), GoOnForm(prefix="go_on-")
    if form.validate() and _sent(form, found, RESUME, {"from_month": form.from_month.data}):
        return redirect(url_for("sign_desk.examine", sign_id=sign_id), 303)
    return _sign_page(_sign(sign_id), go_on=form), 422


def _sent(form: Any, found: FoundSign, action: Any, change: dict[str, str]) -> bool:
    sign = found.sign

    def send() -> None:
        send_to_check(
            action,
            f"sign:{sign.id}",
            {"sign_id": sign.id, **change},
            form.because.data,
            region_code=sign.region_code,
            person_id=sign.person_id,
            packs=packs_in_force(db_session()),
            scans=form.scans.data,
        )

    if not carried_out(form, send, lambda refused: why(refused, action)):
        return False
    flash(str(SENT))
    return True


def _sign(sign_id: int) -> FoundSign:
    found = read_once(find_sign, sign_id)
    if found is None:
        abort(404)
    return found


def _examination_form(sign_id: int) -> ExaminationForm:
    form = ExaminationForm()
    if _sign(sign_id).sign.kind is not SignKind.DEATH:
        # A sentence stops benefits by two people: who looks at it alone says only that nothing is
        # in it.
        form.only_nothing()
    return form


def _sign_page(
    found: FoundSign,
    *,
    examination: ExaminationForm | None = None,
    stop: StopForm | None = None,
    go_on: GoOnForm | None = None,
) -> str:
    sign, session = found.sign, db_session()
    is_open = sign.state is SignState.OPEN
    is_stopped = sign.stopped_from_month is not None and sign.resumed_from_month is None
    is_prison = sign.kind is SignKind.PRISON
    return render_template(
        "desk/signs/sign.html",
        on=clock.today(),
        found=found,
        sign=sign,
        benefit_lines=[
            (BENEFITS[each.kind], BENEFIT_STATES[each.state])
            for each in benefits_of(session, sign.person_id)
        ],
        waiting=waiting_about(f"sign:{sign.id}", STOP, RESUME),
        examination=(examination or _examination_form(sign.id)) if is_open else None,
        stop=(stop or StopForm(None, prefix="stop-")) if is_open and is_prison else None,
        go_on=(go_on or GoOnForm(None, prefix="go_on-")) if is_stopped else None,
    )


def _list(list_id: int) -> SignList:
    return db_session().get_one(SignList, list_id)


def _file_of(listed: SignList) -> AbstractContextManager[Path]:
    return file_store().opened(db_session(), FileKind.SIGNS, listed.file_digest)


def _trial(listed: SignList, file: Path) -> Trial:
    session, me = db_session(), actor()
    trial = try_list(
        session,
        listed,
        file,
        packs=packs_in_force(session),
        on=clock.today(),
        own_person_id=me.person_id,
    )
    note_list(session, listed, "sign_list.tried", actor=me, at=clock.now())
    return trial


def people_shown() -> list[int]:
    """Return whom the rows of a list are about that this answer shows."""
    return list(g.get("people_of_signs", ()))


def _try_columns(listed: SignList, file: Path) -> Any:
    """Take which column is which, and show what each row comes to."""
    session = db_session()
    chosen = assigning(file, listed.layout, earlier_headings(session, listed))
    form = columns_form(chosen, listed.kind)
    if request.method == "GET" or not form.validate():
        page = _list_page(listed, form=form)
        return page if request.method == "GET" else (page, 422)
    layout = layout_of(form)
    if layout["heading_row"] != chosen.heading_row:
        # Other headings are other columns: they are found anew.
        earlier = earlier_headings(session, listed)
        again = assigning(file, {}, earlier, heading_row=layout["heading_row"])
        return _list_page(listed, form=columns_form(again, listed.kind, is_sent=False))
    if refuse_layout(form, layout, listed.kind):
        return _list_page(listed, form=form), 422
    listed.layout = layout | {"headings": headings_of(chosen, layout)}
    try:
        trial = _trial(listed, file)
    except SignsRefused as refused:
        session.rollback()
        return _list_page(
            _list(listed.id), form=form, wrong=str(labels.REFUSALS[refused.code])
        ), 422
    session.commit()
    return _list_page(listed, form=form, trial=trial)


def _list_page(
    listed: SignList,
    *,
    form: Any = None,
    trial: Trial | None = None,
    sending: SendListForm | None = None,
    wrong: str = "",
) -> str:
    shown = trial.shown if trial else []
    is_draft = listed.state is SignListState.DRAFT
    brought = [] if is_draft else signs_of_list(db_session(), listed.id)
    about = [*(each.person_id for each in shown), *(each.person.id for each in brought)]
    g.people_of_signs = [person_id for person_id in about if person_id is not None]
    return render_template(
        "desk/signs/list.html",
        listed=listed,
        form=form,
        trial=trial,
        sending=sending or SendListForm(None),
        rows=[
            (*labels.shown_row(match), labels.VERDICTS[match.verdict], labels.explained(match))
            for match in shown
        ],
        wrong=wrong,
        waiting=waiting_about(f"sign_list:{listed.id}", TAKE_IN),
        seen=[
            (row.at, row.name, labels.DONE.get(row.action, row.action))
            for row in who_saw(db_session(), listed.id)
        ],
        program=program_of(db_session(), listed),
        is_draft=is_draft,
        brought=brought,
    )
