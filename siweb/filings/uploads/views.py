"""The pages of sheets: kinds and templates, the upload, one row, the sheet given back."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, cast

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from siweb import clock
from siweb.audit.record import record_activity
from siweb.auth.access import acting, acting_for, actor
from siweb.documents.spreadsheets.reading.preview import preview
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.reading.xlsx.rows import MOST_ROWS
from siweb.documents.spreadsheets.sheet import MEDIA_TYPE, pieces
from siweb.files.kept_file import FileKind
from siweb.files.store import FileGone
from siweb.filings.drafts.answer_list import answer_list, can_be_answered
from siweb.filings.drafts.correct_rows import (
    correct_row,
    find_row,
    refused_rows,
    row_columns,
    texts_of,
)
from siweb.filings.drafts.import_sheet import (
    answers_of,
    codes_of,
    layout_of,
    open_sheet,
    request_reading,
    upload_of,
)
from siweb.filings.drafts.open import lock_draft
from siweb.filings.drafts.revalidate import revalidate_refused
from siweb.filings.employers.base_rows import INSURED, base_rows
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR
from siweb.filings.fields.own_bases import refused_own_bases
from siweb.filings.fields.yearly_base import payment_year_start
from siweb.filings.find import find_filing
from siweb.filings.labels import KINDS, finding_text, place_of
from siweb.filings.sheets.cell_texts import words_of
from siweb.filings.sheets.find_list import FIRST_ROWS
from siweb.filings.sheets.layout import NO_COLUMN
from siweb.filings.sheets.template import write_filled, write_template
from siweb.filings.sheets.write_back import Marks, write_back
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.uploads.assign_columns import assignment
from siweb.filings.uploads.forms import UploadForm
from siweb.filings.validation.terms import Terms
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.calendar.months import month_of
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.parameters.parameter_set import ParameterMissing, ParameterSet
from siweb.settings import Settings
from siweb.web.database import db_session, write_session, writes
from siweb.web.file_store import file_store
from siweb.web.language.formats import count
from siweb.web.language.labels import insurance_name
from siweb.web.read_once import read_once

blueprint = Blueprint("uploads", __name__, url_prefix="/employer/<uscc>")


@blueprint.get("/sheets")
@acting_for("filer")
def show_kinds() -> str:
    return render_template("filings/uploads/kinds.html", kinds=KINDS)


@blueprint.route("/sheets/<kind>", methods=["GET", "POST"])
@acting_for("filer")
def upload(kind: str) -> Any:
    """Take a sheet; the same file leads to the filing that it became."""
    chosen, form = _kind(kind), UploadForm()
    form.prepare(chosen, _parameters(), clock.today())
    if request.method == "POST" and form.validate():
        session, stored = db_session(), form.file.data
        content = file_store().keep(session, FileKind.SHEET, stored.stream, at=clock.now())
        filing, is_new = open_sheet(
            session,
            acting().employer_id,
            chosen,
            content=content,
            file_name=stored.filename or "",
            defaults=form.answers(),
            actor=actor(),
            at=clock.now(),
        )
        if not filing.is_read:
            request_reading(session, filing, actor=actor(), at=clock.now())
        if not is_new:
            flash(_("This file was uploaded before: here is what became of it."))
        session.commit()
        return redirect(url_for("filings.show_filing", reference=filing.reference), 303)
    page = render_template(
        "filings/uploads/upload.html",
        form=form,
        kind=chosen,
        kind_name=KINDS[chosen],
        most=_settings().upload_megabytes,
    )
    return page if request.method == "GET" else (page, 422)


@blueprint.get("/sheets/<kind>/template.xlsx")
@acting_for("filer")
def template(kind: str) -> Response:
    chosen, target = _kind(kind), BytesIO()
    without = refused_own_bases(_parameters())
    write_template(target, chosen, limits=_limits(), on=clock.today(), without=without)
    return _sheet(target.getvalue(), f"{chosen.value}-template.xlsx")


@blueprint.get("/sheets/base/roster.xlsx")
@acting_for("filer")
@writes
def base_sheet() -> Response:
    """Give the sheet of the yearly base with everybody insured and what is known of last year."""
    employer, target = acting(), TemporaryFile()  # noqa: SIM115 - closed when it was sent
    # By a session of its own: whoever takes the roster out is noted even if sending it breaks off.
    with write_session() as writer:
        record_activity(
            writer,
            "roster.exported",
            actor=actor(),
            at=clock.now(),
            subject=("employer", employer.employer_id),
            facts={"state": INSURED.state, "searched": False},
        )
        writer.commit()
    first_month = payment_year_start(_parameters(), clock.today())
    rows = base_rows(db_session(), employer.employer_id, first_month)
    without = refused_own_bases(_parameters())
    write_filled(target, FilingKind.BASE, rows, limits=_limits(), without=without)
    target.seek(0)
    name = f"{employer.uscc}-base-{first_month[:4]}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pieces(target), mimetype=MEDIA_TYPE, headers=headers)


@blueprint.route("/filings/<reference>/rows/<int:position>", methods=["GET", "POST"])
@acting_for("filer")
def correct(reference: str, position: int) -> Any:
    """Correct one row of a draft in place."""
    session, filing = db_session(), _filing(reference)
    row = read_once(find_row, filing, position)
    if row is None or filing.state is not FilingState.DRAFT or not filing.is_read:
        abort(404)
    columns = row_columns(filing, row)
    typed: Mapping[str, str] = texts_of(filing, row)
    findings = row.findings
    if request.method == "POST":
        if not lock_draft(session, filing, row):
            abort(404)
        typed = {column.name: request.form.get(column.name, "") for column in columns}
        employer = acting()
        terms = Terms(
            employer.employer_id,
            employer.region_code,
            employer.status,
            packs_in_force(session),
            clock.today(),
        )
        findings = correct_row(session, filing, row, typed, terms)
        # A name that was tried counts, though nothing else is kept of a refused row.
        session.commit()
        if not any(found["level"] == ERROR for found in findings):
            flash(_("Row %(number)s is correct now.", number=position))
            return redirect(url_for("filings.show_filing", reference=reference), 303)
    page = render_template(
        "filings/uploads/row.html",
        filing=filing,
        row=row,
        typed=typed,
        columns=[
            (column, words_of(column), _sentences(findings, column.name, typed))
            for column in columns
        ],
        others=[finding_text(found) for found in findings if place_of(found) == ""],
    )
    return page if request.method == "GET" else (page, 422)


@blueprint.route("/filings/<reference>/columns", methods=["GET", "POST"])
@acting_for("filer")
def assign(reference: str) -> Any:
    """Assign the columns of a list, or give values for all its rows; then it is read anew."""
    filing = _filing(reference)
    if not can_be_answered(filing):
        abort(404)
    try:
        with _file_of(filing) as file:
            shown = preview(file, FIRST_ROWS)
    except SheetRefused:
        return redirect(url_for("filings.show_filing", reference=reference), 303)
    chosen = assignment(
        filing.kind,
        shown,
        layout_of(filing),
        answers_of(filing),
        tab=request.values.get("sheet"),
        heading_row=_heading_row(),
        without=refused_own_bases(_parameters()),
    )
    if request.method == "POST":
        chosen.read(request.form)
        if not chosen.has_errors:
            session = db_session()
            answered = answer_list(
                session,
                filing,
                layout=chosen.layout(),
                values=chosen.answers(answers_of(filing)),
                headings=chosen.headings(),
                actor=actor(),
                at=clock.now(),
            )
            session.commit()
            return redirect(url_for("filings.show_filing", reference=answered.reference), 303)
    page = render_template(
        "filings/uploads/columns.html",
        filing=filing,
        chosen=chosen,
        no_column=NO_COLUMN,
        errors={
            choice.name: finding_text(choice.error) for choice in chosen.fields if choice.error
        },
    )
    return page if request.method == "GET" else (page, 422)


def _heading_row() -> int | None:
    typed = request.values.get("row", "")
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= len(str(MOST_ROWS))
    return int(typed) if is_number else None


@blueprint.post("/filings/<reference>/check")
@acting_for("filer")
def check(reference: str) -> Any:
    """Check again what was not accepted: what stood against it may be over."""
    session, filing = db_session(), _filing(reference)
    if filing.state is not FilingState.DRAFT or not filing.is_read:
        abort(404)
    before = codes_of(filing).get("refused", 0)
    revalidate_refused(session, filing, packs=packs_in_force(session), on=clock.today())
    session.commit()
    better = before - codes_of(filing).get("refused", 0)
    flash(
        ngettext(
            "%(count)s row can be sent now that could not before.",
            "%(count)s rows can be sent now that could not before.",
            better,
            count=count(better),
        )
        if better
        else _("Nothing has changed: the same rows cannot be sent.")
    )
    return redirect(url_for("filings.show_filing", reference=reference), 303)


@blueprint.get("/filings/<reference>/returned.xlsx")
@acting_for("filer")
def give_back(reference: str) -> Any:
    """Give the filer's own sheet back, with what is wrong beside each row."""
    return _returned(reference, only_marked=False)


@blueprint.get("/filings/<reference>/refused.xlsx")
@acting_for("filer")
def give_refused(reference: str) -> Any:
    """Give the refused rows alone, under the headings of the filer's own sheet."""
    return _returned(reference, only_marked=True)


def _returned(reference: str, *, only_marked: bool) -> Response:
    filing = _filing(reference)
    with _file_of(filing) as file:
        target = TemporaryFile()  # noqa: SIM115 - closed when it was sent
        try:
            write_back(
                file,
                filing.kind,
                target,
                _marks(filing),
                heading=_("What is wrong"),
                defaults=answers_of(filing),
                layout=layout_of(filing),
                only_marked=only_marked,
            )
        except SheetRefused:
            target.close()
            abort(404)
    target.seek(0)
    name = f"{reference}-refused.xlsx" if only_marked else f"{reference}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pieces(target), mimetype=MEDIA_TYPE, headers=headers)


@contextmanager
def _file_of(filing: Filing) -> Iterator[Path]:
    """Give the file that a filing was uploaded as; after three months it is gone."""
    # Only what came as a file has them: they name its content as well.
    if not filing.defaults:
        abort(404)
    try:
        with file_store().opened(db_session(), FileKind.SHEET, upload_of(filing)) as file:
            yield file
    except FileGone:
        abort(404)


def _marks(filing: Filing) -> Marks:
    return {
        position: (
            [finding_text(found, given) for found in findings],
            # What is about the whole row is marked at the name.
            {place_of(found) or "name" for found in findings},
        )
        for position, given, findings in refused_rows(db_session(), filing.id)
    }


def _sentences(findings: list[dict[str, Any]], field: str, typed: Mapping[str, str]) -> list[str]:
    return [finding_text(found, typed) for found in findings if place_of(found) == field]


def _parameters() -> ParameterSet:
    packs = packs_in_force(db_session())
    return packs.parameters(acting().region_code, month_of(clock.today()))


def _limits() -> list[tuple[str, str, str]]:
    parameters, lines = _parameters(), []
    for insurance in Insurance:
        try:
            terms = parameters.premium_terms(insurance, "employee")
        except ParameterMissing:
            continue
        limits = (yuan_from_fen(terms.base_floor), yuan_from_fen(terms.base_ceiling))
        lines.append((insurance_name(insurance.value), *limits))
    return lines


def _sheet(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=MEDIA_TYPE, headers=headers)


def _kind(kind: str) -> FilingKind:
    if kind not in set(FilingKind):
        abort(404)
    return FilingKind(kind)


def _filing(reference: str) -> Filing:
    found = read_once(find_filing, acting().employer_id, reference)
    # A form's filing has no sheet whose rows could be shown or corrected.
    if found is None or found[0].origin == "form":
        abort(404)
    return found[0]


def _settings() -> Settings:
    return cast("Settings", current_app.extensions["siweb_settings"])
