"""The pages of sheets: kinds and templates, the upload, one row, the sheet given back."""

from collections.abc import Mapping
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any, cast

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import acting, acting_for, actor
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.documents.spreadsheets.sheet import MEDIA_TYPE, pieces
from siweb.filings.drafts.correct_rows import (
    correct_row,
    find_row,
    refused_rows,
    row_columns,
    texts_of,
)
from siweb.filings.drafts.import_sheet import (
    codes_of,
    keep_upload,
    open_sheet,
    upload_of,
    wish_reading,
)
from siweb.filings.drafts.revalidate import check_refused_again
from siweb.filings.fields.defaults import list_defaults
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR
from siweb.filings.find import find_filing
from siweb.filings.labels import KINDS, finding_text, place_of
from siweb.filings.sheets.cell_texts import words_of
from siweb.filings.sheets.template import write_template
from siweb.filings.sheets.write_back import Marks, write_back
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.uploads.forms import UploadForm
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.calendar.months import month_of
from siweb.rules.numbers.money import yuan_from_fen
from siweb.rules.parameters.parameter_set import ParameterMissing
from siweb.settings import Settings
from siweb.web.database import db_session
from siweb.web.language.labels import insurance_name

blueprint = Blueprint("uploads", __name__, url_prefix="/employer/<uscc>")
# Which month a kind asks for where the sheet has no column.
_MONTHS = {
    FilingKind.HIRE: "start_month",
    FilingKind.LEAVE: "stop_month",
    FilingKind.PAUSE: "stop_month",
    FilingKind.RESUME: "start_month",
}


@blueprint.get("/sheets")
@acting_for("filer")
def show_kinds() -> str:
    return render_template("filings/uploads/kinds.html", kinds=KINDS)


@blueprint.route("/sheets/<kind>", methods=["GET", "POST"])
@acting_for("filer")
def upload(kind: str) -> Any:
    """Take a sheet; the same file leads to the filing that it became."""
    chosen, form = _kind(kind), UploadForm()
    if request.method == "POST" and form.validate():
        session, stored = db_session(), form.file.data
        _kept, content = keep_upload(stored.stream, _settings().var_dir / "uploads")
        filing, is_new = open_sheet(
            session,
            acting().employer_id,
            chosen,
            content=content,
            file_name=stored.filename or "",
            defaults=_answers(chosen, form),
            actor=actor(),
            at=clock.now(),
        )
        if is_new:
            wish_reading(session, filing, actor=actor(), at=clock.now())
        else:
            flash(_("This file was uploaded before: here is what became of it."))
        session.commit()
        return redirect(url_for("filings.show_filing", reference=filing.reference), 303)
    page = render_template(
        "filings/uploads/upload.html",
        form=form,
        kind=chosen,
        kind_name=KINDS[chosen],
        asks_month=chosen in _MONTHS,
        most=_settings().upload_megabytes,
    )
    return page if request.method == "GET" else (page, 422)


@blueprint.get("/sheets/<kind>/template.xlsx")
@acting_for("filer")
def template(kind: str) -> Response:
    chosen, target = _kind(kind), BytesIO()
    write_template(target, chosen, limits=_limits(), on=clock.today())
    return _sheet(target.getvalue(), f"{chosen.value}-template.xlsx")


@blueprint.route("/filings/<reference>/rows/<int:position>", methods=["GET", "POST"])
@acting_for("filer")
def correct(reference: str, position: int) -> Any:
    """Correct one row of a draft in place."""
    session, filing = db_session(), _filing(reference)
    row = find_row(session, filing, position)
    if row is None or filing.state is not FilingState.DRAFT or not filing.is_read:
        abort(404)
    columns = row_columns(filing, row)
    typed: Mapping[str, str] = texts_of(filing, row)
    found = row.findings
    if request.method == "POST":
        typed = {one.field: request.form.get(one.field, "") for one in columns}
        found = correct_row(session, filing, row, typed, on=clock.today())
        if not any(one["level"] == ERROR for one in found):
            session.commit()
            flash(_("Row %(number)s is right now.", number=position))
            return redirect(url_for("filings.show_filing", reference=reference), 303)
    page = render_template(
        "filings/uploads/row.html",
        filing=filing,
        row=row,
        typed=typed,
        columns=[
            (
                one,
                words_of(one),
                _said(found, one.field, typed),
            )
            for one in columns
        ],
        others=[finding_text(one) for one in found if place_of(one) == ""],
    )
    return page if request.method == "GET" else (page, 422)


@blueprint.post("/filings/<reference>/check")
@acting_for("filer")
def check(reference: str) -> Any:
    """Check again what was not accepted: what stood against it may be over."""
    session, filing = db_session(), _filing(reference)
    if filing.state is not FilingState.DRAFT or not filing.is_read:
        abort(404)
    before = codes_of(filing).get("refused", 0)
    check_refused_again(session, filing, on=clock.today())
    session.commit()
    better = before - codes_of(filing).get("refused", 0)
    flash(
        _("%(count)s rows can be sent now that could not before.", count=better)
        if better
        else _("Nothing has changed: the same rows cannot be sent.")
    )
    return redirect(url_for("filings.show_filing", reference=reference), 303)


@blueprint.get("/filings/<reference>/returned.xlsx")
@acting_for("filer")
def give_back(reference: str) -> Any:
    """Give the filer's own sheet back, with what is wrong beside each row."""
    filing = _filing(reference)
    file = upload_of(filing, _settings().var_dir) if filing.defaults else None
    if file is None or not file.exists():
        abort(404)
    target = TemporaryFile()  # noqa: SIM115 - closed when it was sent
    try:
        write_back(file, filing.kind, target, _marks(filing), heading=_("What is wrong"))
    except SheetRefused:
        target.close()
        abort(404)
    target.seek(0)
    return Response(
        pieces(target),
        mimetype=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{reference}.xlsx"'},
    )


def _marks(filing: Filing) -> Marks:
    return {
        position: (
            [finding_text(one, given) for one in found],
            {place_of(one) or "name" for one in found},
        )
        for position, given, found in refused_rows(db_session(), filing.id)
    }


def _said(found: list[dict[str, Any]], field: str, typed: Mapping[str, str]) -> list[str]:
    return [finding_text(one, typed) for one in found if place_of(one) == field]


def _answers(kind: FilingKind, form: UploadForm) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    if kind in _MONTHS and form.month.data:
        answers[_MONTHS[kind]] = form.month.data
    today = clock.today()
    parameters = packs_in_force(db_session()).parameters(acting().region_code, month_of(today))
    return list_defaults(kind, parameters, today) | answers


def _limits() -> list[tuple[str, str, str]]:
    parameters = packs_in_force(db_session()).parameters(
        acting().region_code, month_of(clock.today())
    )
    lines = []
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
    found = find_filing(db_session(), acting().employer_id, reference)
    if found is None or found[0].origin == "form":
        abort(404)
    return found[0]


def _settings() -> Settings:
    return cast("Settings", current_app.extensions["siweb_settings"])
