"""The desk's pages of bank statements."""

from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import actor, role
from siweb.collection.statements.import_entries import keep_mapping
from siweb.collection.statements.upload import (
    StatementShown,
    find_statement,
    latest_statements,
    upload_statement,
    wish_import,
)
from siweb.desk.statements.forms import StatementForm, mapping_form
from siweb.registry.regions.hosted import hosted_regions
from siweb.web.database import db_session
from siweb.web.htmx import wants_piece
from siweb.web.language.labels import region_name

blueprint = Blueprint("statement_desk", __name__, url_prefix="/desk/statements")


@blueprint.get("")
@role("staff")
def show_statements() -> str:
    return _page(_form())


@blueprint.post("")
@role("staff")
def hand_in() -> Any:
    """Keep the file; import it at once when its columns are known."""
    form, session = _form(), db_session()
    if not form.validate():
        return _page(form), 422
    statement = upload_statement(
        session,
        form.region.data,
        form.bank.data or "",
        form.file.data.stream,
        _folder(),
        file_name=Path(form.file.data.filename or "").name,
        actor=actor(),
        at=clock.now(),
    )
    shown = find_statement(session, statement.id)
    if shown is not None and not shown.needs_mapping:
        wish_import(session, statement, _folder(), actor=actor(), at=clock.now())
    session.commit()
    return redirect(url_for("statement_desk.show_statement", statement_id=statement.id), 303)


@blueprint.get("/<int:statement_id>")
@role("staff")
def show_statement(statement_id: int) -> Any:
    """Show how far an import is, or what it came to."""
    shown = _shown(statement_id)
    if wants_piece():
        if shown.is_under_way:
            return render_template("desk/statements/_progress.html", shown=shown)
        answer = make_response("", 200)
        answer.headers["HX-Refresh"] = "true"
        return answer
    return render_template("desk/statements/statement.html", shown=shown)


@blueprint.post("/<int:statement_id>/go-on")
@role("staff")
def go_on(statement_id: int) -> Any:
    """Import a statement whose import stopped; what is in stays in."""
    return _wish(_shown(statement_id))


@blueprint.route("/<int:statement_id>/columns", methods=["GET", "POST"])
@role("staff")
def name_columns(statement_id: int) -> Any:
    """Say how the bank of a statement writes its CSV; kept for the next one."""
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
        flash(_("Kept for this bank."))
        return _wish(shown)
    page = render_template("desk/statements/columns.html", form=form, statement=statement)
    return page if request.method == "GET" else (page, 422)


def _wish(shown: StatementShown) -> Any:
    session, statement = db_session(), shown.statement
    wish_import(session, statement, _folder(), actor=actor(), at=clock.now())
    session.commit()
    return redirect(url_for("statement_desk.show_statement", statement_id=statement.id), 303)


def _shown(statement_id: int) -> StatementShown:
    shown = find_statement(db_session(), statement_id)
    if shown is None:
        abort(404)
    return shown


def _folder() -> Path:
    settings = current_app.extensions["siweb_settings"]
    return Path(settings.var_dir).resolve() / "statements"


def _form() -> StatementForm:
    form = StatementForm()
    form.region.choices = [(one.code, region_name(one)) for one in hosted_regions(db_session())]
    return form


def _page(form: StatementForm) -> str:
    session, page = db_session(), max(1, request.args.get("page", 1, type=int))
    statements, has_more = latest_statements(session, page=page)
    return render_template(
        "desk/statements/statements.html",
        form=form,
        statements=statements,
        has_more=has_more,
        page=page,
    )
