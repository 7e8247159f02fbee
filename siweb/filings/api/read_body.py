"""Read what a program sent, and say everything that is wrong with it at once."""

import json
from datetime import date
from functools import cache
from typing import Any

from flask_babel import gettext as _
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from siweb.filings.api.schemas import MOST_ROWS, row_schema
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR
from siweb.filings.labels import finding_text, place_of
from siweb.web.failures.problems import ApiProblem

_MOST_ERRORS = 200
_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date", raises=ValueError)
def _is_day(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


def _is_whole(_checker: Any, value: object) -> bool:
    # 8000.0 is no whole number here: money is never a float.
    return isinstance(value, int) and not isinstance(value, bool)


_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole),
)


def read_filing(content: bytes, media_type: str) -> tuple[FilingKind, list[dict[str, Any]]]:
    """Return the kind and the rows of a filing that was sent.

    :raises ApiProblem: with one error for each thing that is wrong, by row and field.
    """
    body = read_json(content, media_type)
    if not isinstance(body, dict):
        raise ApiProblem(422, "invalid", _("Send an object with “kind” and “rows”."))
    unknown = sorted(set(body) - {"kind", "rows"})
    if unknown:
        raise _invalid([_error(None, unknown[0], "unknown", _("There is no such field."))])
    kind, rows = body.get("kind"), body.get("rows")
    if not isinstance(kind, str) or kind not in set(FilingKind):
        kinds = ", ".join(FilingKind)
        raise _invalid([_error(None, "kind", "kind", _("One of: %(kinds)s", kinds=kinds))])
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_ROWS:
        detail = _("A list of 1 to %(most)s rows", most=MOST_ROWS)
        raise _invalid([_error(None, "rows", "rows", detail)])
    errors = [
        _from_validator(number, one)
        for number, row in enumerate(rows, 1)
        for one in _validator(FilingKind(kind)).iter_errors(row)
    ]
    if errors:
        raise _invalid(errors)
    return FilingKind(kind), rows


def read_row(kind: FilingKind, content: bytes, media_type: str) -> dict[str, Any]:
    """Return the row of a kind that was sent instead of another.

    :raises ApiProblem: with one error for each field that is wrong.
    """
    row: dict[str, Any] = read_json(content, media_type)
    errors = [_from_validator(1, one) for one in _validator(kind).iter_errors(row)]
    if errors:
        raise _invalid([one | {"row": None} for one in errors])
    return row


def refuse_wrong(position: int, findings: list[dict[str, Any]]) -> None:
    """Refuse a row in which something is wrong.

    :raises ApiProblem: with what the check found, by row and field.
    """
    wrong = [one for one in findings if one["level"] == ERROR]
    if wrong:
        raise _invalid(
            [_error(position, place_of(one), one["code"], finding_text(one)) for one in wrong]
        )


def read_json(content: bytes, media_type: str) -> Any:
    """Return the body as JSON.

    :raises ApiProblem: 415 for another media type, 400 for what is no JSON.
    """
    if media_type != "application/json":
        raise ApiProblem(415, "media_type", _("Send application/json."))
    try:
        found = json.loads(content, parse_constant=_refuse_constant)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise ApiProblem(400, "json", _("The body is no JSON in UTF-8.")) from None
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


@cache
def _validator(kind: FilingKind) -> Any:
    return _Validator(row_schema(kind), format_checker=_FORMATS)


def _from_validator(row: int, error: ValidationError) -> dict[str, Any]:
    path = [str(one) for one in error.absolute_path]
    field, code = ".".join(path), str(error.validator)
    if code == "required":
        field = error.message.split("'")[1]
        return _error(row, field, "required", _("This field is missing."))
    if code == "additionalProperties":
        known = set(error.schema["properties"]) if isinstance(error.schema, dict) else set()
        sent = set(error.instance) if isinstance(error.instance, dict) else set()
        field = next(iter(sorted(sent - known)), "")
        return _error(row, field[:80], "unknown", _("There is no such field."))
    # Never the value: it may be somebody's number.
    detail = _("This does not fit: %(rule)s %(value)s", rule=code, value=str(error.validator_value))
    return _error(row, field, code, detail[:200])


def _error(row: int | None, field: str, code: str, detail: str) -> dict[str, Any]:
    return {"row": row, "field": field, "code": code, "detail": detail}


def _invalid(errors: list[dict[str, Any]]) -> ApiProblem:
    return ApiProblem(
        422,
        "invalid",
        _("Nothing was kept: %(count)s things are wrong.", count=len(errors)),
        errors=errors[:_MOST_ERRORS],
    )
