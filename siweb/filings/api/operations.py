"""What programs may do, declared once: the OpenAPI document and the readable page come of it."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from siweb.auth.office_tokens import LISTS
from siweb.filings.api.list_query import list_parameters
from siweb.filings.api.schemas import Schema, all_schemas
from siweb.filings.fields.filing_kind import FilingKind

VERSION = "1.0"
PATH = "/api/v1"
PAPER = "application/pdf"
# More rows than any list has, within 32 bits on PostgreSQL.
MOST_POSITION = 10_000_000


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to do: address, scope, words, what is sent and what comes back."""

    name: str
    method: str
    path: str
    scope: str
    summary: Any
    answers: str
    status: int = 200
    is_filing: bool = False
    is_paged: bool = False
    is_sheet: bool = False
    is_row: bool = False
    is_withdrawal: bool = False
    is_list: bool = False


OPERATIONS = (
    Operation(
        "open_filing",
        "post",
        "/filings",
        "file",
        _l("File for one or many people. Every row is checked; nothing is sent yet."),
        "filing",
        status=201,
        is_filing=True,
    ),
    Operation(
        "file_sheet",
        "post",
        "/filings/file",
        "file",
        _l("File a spreadsheet as it is (XLSX, XLS, ODS or CSV); it is checked in the background."),
        "filing",
        status=202,
        is_sheet=True,
    ),
    Operation(
        "list_filings",
        "get",
        "/filings",
        "read",
        _l("List filings, newest first."),
        "filing_page",
        is_paged=True,
    ),
    Operation(
        "show_filing",
        "get",
        "/filings/{reference}",
        "read",
        _l("Show a filing and how many rows it has in which state."),
        "filing",
    ),
    Operation(
        "list_rows",
        "get",
        "/filings/{reference}/rows",
        "read",
        _l("List the rows with everything that was found."),
        "row_page",
        is_paged=True,
    ),
    Operation(
        "correct_row",
        "put",
        "/filings/{reference}/rows/{position}",
        "file",
        _l(
            "Send a row of a draft again. It is saved when it is correct; otherwise each "
            "error is named."
        ),
        "row",
        is_row=True,
    ),
    Operation(
        "check_again",
        "post",
        "/filings/{reference}/check",
        "file",
        _l("Check again the rows of a draft that were not accepted: the obstacle may be gone."),
        "filing",
    ),
    Operation(
        "show_totals",
        "get",
        "/filings/{reference}/totals",
        "read",
        _l("The result of a draft: the difference from the roster, and the amounts that follow."),
        "totals",
    ),
    Operation(
        "confirm_filing",
        "post",
        "/filings/{reference}/confirm",
        "confirm",
        _l(
            "Send a filing: its good rows are applied, all or none, once. More than 2,000 are "
            "applied in the background: ask until “work” is done."
        ),
        "filing",
    ),
    Operation(
        "withdraw_filing",
        "post",
        "/filings/{reference}/withdraw",
        "confirm",
        _l(
            "Withdraw a filing that was sent, or rows of it, until their month is levied: they "
            "count as never sent. Rows that cannot be withdrawn any more stay. More than 2,000 "
            "are withdrawn in the background: ask until “work” is done."
        ),
        "filing",
        is_withdrawal=True,
    ),
    Operation(
        "delete_draft",
        "post",
        "/filings/{reference}/delete",
        "file",
        _l("Delete a draft with its rows."),
        "deleted",
    ),
    Operation(
        "show_receipt",
        "get",
        "/filings/{reference}/receipt.pdf",
        "read",
        _l("The receipt of a filing that was sent, as PDF."),
        PAPER,
    ),
    Operation(
        "list_employees",
        "get",
        "/roster",
        "read",
        _l("List everybody who works or worked for the employer."),
        "employee_page",
        is_paged=True,
    ),
    # Of other offices (siweb/signs/views.py): one document, since a program reads no other.
    Operation(
        "send_list",
        "post",
        "/lists",
        LISTS,
        _l(
            "For other offices: hand in a list of deaths, prisoners, medical visits or journeys. "
            "What is wrong with a row is named; a person looks at the list before it counts."
        ),
        "list",
        is_list=True,
    ),
    Operation(
        "show_list",
        "get",
        "/lists/{reference}",
        LISTS,
        _l("For other offices: show whether a list has been taken in."),
        "list",
    ),
)
_PROBLEMS = {
    "400": _l("The request cannot be read."),
    "401": _l("There is no token that is in force."),
    "403": _l("The token’s scope does not allow it."),
    "404": _l("There is no such thing for this token."),
    "409": _l("The same request is being worked on: ask again."),
    "415": _l("The body is of another media type."),
    "422": _l("What was sent is wrong; each error names row and field."),
    "500": _l("An error on our side, with a case number."),
    "503": _l("A long list is being written: ask again after Retry-After seconds."),
}


def openapi(server: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": str(_l("Social insurance office: filings for programs")),
            "version": VERSION,
        },
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": all_schemas(),
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.name,
        "summary": str(operation.summary),
        "description": str(_l("Scope: %(scope)s")) % {"scope": operation.scope},
        "parameters": _parameters(operation),
        "responses": {
            str(operation.status): {
                "description": str(_l("Done")),
                "content": _content(operation.answers),
            }
        }
        | {
            status: {
                "description": str(summary),
                "content": {"application/problem+json": {"schema": _ref("problem")}},
            }
            for status, summary in _PROBLEMS.items()
        },
    }
    if operation.is_row:
        rows = [_ref(f"{kind.value}_row") for kind in FilingKind]
        found["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": {"anyOf": rows}}},
        }
    if operation.is_withdrawal:
        content = {"schema": _ref("withdrawal")}
        found["requestBody"] = {"required": True, "content": {"application/json": content}}
    if operation.is_list:
        content = {"schema": _ref("list_sent")}
        found["requestBody"] = {"required": True, "content": {"application/json": content}}
    if operation.is_filing:
        kinds = {kind.value: f"#/components/schemas/{kind.value}_filing" for kind in FilingKind}
        schema = {
            "oneOf": [{"$ref": where} for where in kinds.values()],
            "discriminator": {"propertyName": "kind", "mapping": kinds},
        }
        found["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    if operation.is_sheet:
        content = {"schema": {"type": "string", "format": "binary"}}
        found["requestBody"] = {
            "required": True,
            "content": {"application/octet-stream": content},
        }
    return found


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if "{reference}" in operation.path:
        found.append(
            _parameter("reference", "path", {"type": "string", "pattern": "^[0-9A-Z]{4,24}$"})
        )
    if operation.is_sheet:
        kinds = {"type": "string", "enum": [kind.value for kind in FilingKind]}
        found.append(_parameter("kind", "query", kinds))
        found += list_parameters()
    if operation.is_paged:
        page = {"type": "integer", "minimum": 1, "maximum": 100_000, "default": 1}
        found.append(_parameter("page", "query", page, is_needed=False))
    if "{position}" in operation.path:
        place = {"type": "integer", "minimum": 1, "maximum": MOST_POSITION}
        found.append(_parameter("position", "path", place))
    if operation.method != "get":
        key = {"type": "string", "pattern": "^[!-~]{8,100}$"}
        found.append(_parameter("Idempotency-Key", "header", key))
    return found


def _content(answers: str) -> dict[str, Any]:
    if answers == PAPER:
        return {PAPER: {"schema": {"type": "string", "format": "binary"}}}
    return {"application/json": {"schema": _ref(answers)}}


def _parameter(name: str, place: str, schema: Schema, *, is_needed: bool = True) -> dict[str, Any]:
    return {"name": name, "in": place, "required": is_needed, "schema": schema}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
