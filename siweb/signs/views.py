"""What programs of other offices ask: to hand a list in, and whether it was taken in.

Their addresses stand among those of all programs, on the same blueprint: one document, one way of
tokens, keys and problems. It is registered from here, since the room of filings is below this one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, jsonify, request
from flask_babel import gettext as _
from jsonschema import Draft202012Validator, ValidationError
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.access import bearer, office_bearer
from siweb.auth.office_tokens import LISTS
from siweb.bring_in.labels import problem_text
from siweb.bring_in.problem import Problem
from siweb.filings.api.idempotency import Answer
from siweb.filings.api.read_body import read_json, request_error
from siweb.filings.api.schemas import LIST_ROW, LIST_SENT
from siweb.filings.api.views import blueprint, once
from siweb.reviews.tables.sign import SignKind, SignList, SignListState, list_id_of
from siweb.signs.labels import KINDS
from siweb.signs.send_by_program import Sent, list_of_program, send_by_program
from siweb.web.database import db_session
from siweb.web.failures.problems import ApiProblem
from siweb.web.file_store import file_store

_MOST_ERRORS = 200
# The schema names the rows by their place in the document: here it has them in full.
_SENT = Draft202012Validator(
    LIST_SENT
    | {
        "properties": LIST_SENT["properties"]
        | {"rows": LIST_SENT["properties"]["rows"] | {"items": LIST_ROW}}
    }
)

__all__ = ["blueprint"]


@blueprint.post("/lists")
@bearer(LISTS)
def send_list() -> Response:
    """Take a list in for the desk, or say what would be wrong with it."""

    def do(session: Session) -> Answer:
        found = office_bearer()
        rows, keeps = _read(request.get_data(), request.mimetype)
        _refuse_kinds(rows, found.kinds)
        on, at = clock.today(), clock.now()
        sent = send_by_program(session, file_store(), found, rows, keeps=keeps, on=on, at=at)
        if keeps and sent.listed is None:
            # Nothing of it says anything: kept, it would only wait for somebody to see that.
            raise ApiProblem(
                422, "nothing_readable", _("No row can be read."), errors=_findings(sent.problems)
            )
        return 200, _answer(sent)

    return once(do)


@blueprint.get("/lists/<reference>")
@bearer(LISTS)
def show_list(reference: str) -> Response:
    list_id = list_id_of(reference)
    found = list_id and list_of_program(db_session(), office_bearer(), list_id)
    if not found:
        raise ApiProblem(404, "not_found", _("This token sent no such list."))
    return jsonify(_shown(found))


def _read(content: bytes, media_type: str) -> tuple[list[dict[str, str]], bool]:
    body = read_json(content, media_type)
    errors = [_error(error) for error in _SENT.iter_errors(body)][:_MOST_ERRORS]
    if errors:
        raise ApiProblem(422, "invalid", _("Nothing was kept."), errors=errors)
    return body["rows"], not body.get("dry_run", False)


def _error(error: ValidationError) -> dict[str, Any]:
    """Return by row and field what the schema does not allow."""
    path = list(error.absolute_path)
    in_row = len(path) > 1 and path[0] == "rows"
    field = str(path[-1]) if path and not (in_row and isinstance(path[-1], int)) else ""
    found = request_error(field, str(error.validator), _("See the schema “list_sent”."))
    return found | {"row": int(path[1]) + 1 if in_row else None}


def _refuse_kinds(rows: Sequence[Mapping[str, str]], kinds: frozenset[str]) -> None:
    """Refuse a list that says what this office was not given: a hospital knows of no sentence."""
    errors = [
        request_error("kind", "kind_not_given", str(KINDS[SignKind(row["kind"])])) | {"row": number}
        for number, row in enumerate(rows, 1)
        if row["kind"] not in kinds
    ]
    if errors:
        raise ApiProblem(
            422,
            "kind_not_given",
            _("The token is not given for lists of this kind."),
            errors=errors[:_MOST_ERRORS],
        )


def _answer(sent: Sent) -> dict[str, Any]:
    shown = _shown(sent.listed) if sent.listed else {"reference": None, "state": "tried"}
    return shown | {
        "rows": sent.rows,
        "readable": sent.readable,
        "findings": _findings(sent.problems),
    }


def _shown(listed: SignList) -> dict[str, Any]:
    """Return a list as its sender sees it: how many signs it gave would say something of people."""
    is_in = listed.state is SignListState.ACCEPTED
    return {
        "reference": listed.reference,
        "state": "taken_in" if is_in else "received",
        "rows": listed.rows,
        "readable": None,
        "findings": [],
    }


def _findings(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "row": each.row,
            "field": each.column,
            "code": each.code,
            "detail": problem_text(each),
        }
        for each in problems
    ]
