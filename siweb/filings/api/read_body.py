"""Read what a program sent, and say everything that is wrong with it at once."""

import json
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from siweb.filings.api.schemas import MOST_ROWS, WITHDRAWAL, row_schema
from siweb.filings.fields.field import Field, FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, Finding, finding
from siweb.filings.fields.of_kinds import field_named
from siweb.filings.fields.values import completed, field_findings, value_finding
from siweb.filings.labels import finding_text, place_of
from siweb.rules.identifiers.typed_text import normalise_text
from siweb.web.failures.problems import ApiProblem

# One mistake of a program is in all of its rows; the answer is kept as well.
_MOST_ERRORS = 200
# Twice what the deepest body has: the insurances of a row among the rows of a filing.
_MOST_NESTED = 8
_SHOWN = 30
# Of a field that nobody knows: what was sent may be as long as a body.
_LONGEST_NAMED = 80
_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date", raises=ValueError)
def _is_day(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


def _is_whole(_checker: Any, value: object) -> bool:
    # 8000.0 is no whole number here: money is never a float.
    return isinstance(value, int) and not isinstance(value, bool)


def _matches(_validator: Any, pattern: str, value: object, _schema: Any) -> Any:
    """Yield an error where a text does not match.

    The document's patterns are those of JavaScript, whose `$` is the end of the text; Python's `$`
    lets a line break behind "2026-11" pass.
    """
    if isinstance(value, str) and not re.search(pattern.removesuffix("$") + r"\Z", value):
        yield ValidationError("pattern")


_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    validators={"pattern": _matches},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole),
)


def read_filing(
    content: bytes, media_type: str, defaults_of: Callable[[FilingKind], dict[str, Any]]
) -> tuple[FilingKind, list[dict[str, Any]]]:
    """Return the kind and the rows of a filing that was sent, with the defaults of the kind.

    :raises ApiProblem: with one error for each thing that is wrong, by row and field.
    """
    body = read_json(content, media_type)
    if not isinstance(body, dict):
        raise ApiProblem(422, "invalid", _("Send an object with “kind” and “rows”."))
    unknown = sorted(set(body) - {"kind", "rows"})
    if unknown:
        raise invalid([request_error(unknown[0], "unknown", _("There is no such field."))])
    kind, rows = body.get("kind"), body.get("rows")
    if not isinstance(kind, str) or kind not in set(FilingKind):
        kinds = ", ".join(FilingKind)
        raise invalid([_error(None, "kind", "kind", _("One of: %(kinds)s", kinds=kinds))])
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_ROWS:
        detail = _("A list of 1 to %(most)s rows", most=MOST_ROWS)
        raise invalid([_error(None, "rows", "rows", detail)])
    # Once for the body, not for each of its rows: they are read from the pack.
    defaults = defaults_of(FilingKind(kind))
    read, errors = list[dict[str, Any]](), list[dict[str, Any]]()
    for number, row in enumerate(rows, 1):
        values, wrong = _read_values(FilingKind(kind), row, defaults)
        read.append(values)
        errors += ({**error, "row": number} for error in wrong)
    if errors:
        raise invalid(errors)
    return FilingKind(kind), read


def read_row(
    kind: FilingKind, content: bytes, media_type: str, defaults: dict[str, Any]
) -> dict[str, Any]:
    """Return the row of a kind that was sent instead of another.

    :raises ApiProblem: with one error for each field that is wrong.
    """
    values, errors = _read_values(kind, read_json(content, media_type), defaults)
    if errors:
        raise invalid(errors)
    return values


def read_withdrawal(content: bytes, media_type: str) -> tuple[list[int] | None, str]:
    """Return the positions of rows to withdraw, None for all of them, and why.

    :raises ApiProblem: with one error for each field that is wrong.
    """
    body = read_json(content, media_type)
    errors = [
        request_error(str(next(iter(error.path), "")), "invalid", _("See the schema “withdrawal”."))
        for error in _Validator(WITHDRAWAL).iter_errors(body)
    ]
    if errors:
        raise invalid(errors)
    return body.get("rows"), normalise_text(body["reason"])


def _read_values(
    kind: FilingKind, row: Any, defaults: dict[str, Any]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the values of a row and what is wrong with them: by the schema, then by the rules."""
    errors: dict[str, dict[str, Any]] = {}
    for error in _validator(kind).iter_errors(row):
        found = _from_validator(kind, error)
        # One error a field: of a text that is no day the pattern and the format both complain.
        errors.setdefault(found["field"], found)
    if not isinstance(row, dict):
        return {}, list(errors.values())
    sent = {name: _normalised(kind, name, row[name]) for name in row}
    values = completed(kind, defaults | sent)
    if not errors:
        for wrong in field_findings(kind, values):
            errors[wrong.facts["field"]] = _from_finding(wrong)
    return values, list(errors.values())


def _normalised(kind: FilingKind, name: str, value: Any) -> Any:
    """Return a name or number as it was meant; days, months and codes have one form only."""
    field = field_named(kind, name)
    is_typed = field is not None and field.type in {FieldType.NAME, FieldType.ID_NUMBER}
    return normalise_text(value) if is_typed and isinstance(value, str) else value


def refuse_wrong(position: int, findings: list[dict[str, Any]]) -> None:
    """Refuse a row in which something is wrong.

    :raises ApiProblem: with what the check found, by row and field.
    """
    wrong = [found for found in findings if found["level"] == ERROR]
    if wrong:
        raise invalid(
            [
                _error(position, place_of(found), found["code"], finding_text(found))
                for found in wrong
            ]
        )


def read_json(content: bytes, media_type: str) -> Any:
    """Return the body as JSON.

    :raises ApiProblem: 415 for another media type, 400 for what is no JSON.
    """
    if media_type != "application/json":
        raise ApiProblem(415, "media_type", _("Send application/json."))
    try:
        found = json.loads(
            content, parse_constant=_refuse_constant, object_pairs_hook=_without_doubles
        )
        # Half of a surrogate pair (\ud800) is a text to JSON and none to UTF-8: it would fail in
        # the database, far from here.
        json.dumps(found, ensure_ascii=False).encode()
        is_deep = _is_deep(found)
    except _DoubleKey:
        raise ApiProblem(400, "double_key", _("An object has the same key twice.")) from None
    except ValueError:
        raise ApiProblem(400, "json", _("The body is no JSON in UTF-8.")) from None
    except RecursionError:
        is_deep = True
    if is_deep:
        raise ApiProblem(400, "json", _("The body is nested too deeply."))
    return found


def _is_deep(found: Any) -> bool:
    """Return whether a body is nested deeper than any that is asked for.

    What the reader just manages would fail behind it, where a value is named in a sentence.
    """
    level = [found]
    for _depth in range(_MOST_NESTED):
        nested = [each for each in level if isinstance(each, dict | list)]
        if not nested:
            return False
        level = [
            value
            for each in nested
            for value in (each.values() if isinstance(each, dict) else each)
        ]
    return True


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; which of two values under one key was meant nobody can know (RFC 8259)."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _DoubleKey
    return found


class _DoubleKey(ValueError):
    """When an object has a key twice."""


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


@cache
def _validator(kind: FilingKind) -> Any:
    return _Validator(row_schema(kind), format_checker=_FORMATS)


def field_error(kind: FilingKind, field: Field, value: Any) -> dict[str, Any] | None:
    """Return what is wrong with one value: by its type, then by the rules of the field."""
    schema = row_schema(kind)["properties"][field.name]
    for error in _Validator(schema, format_checker=_FORMATS).iter_errors(value):
        return _from_finding(
            finding(_code(field, str(error.validator), value), ERROR, **_facts(field, error))
        )
    wrong = value_finding(field, value)
    return None if wrong is None else _from_finding(wrong)


def request_error(field: str, code: str, detail: str) -> dict[str, Any]:
    """Return what is wrong with a part of a request that is no row."""
    return _error(None, field[:_LONGEST_NAMED], code, detail)


def _from_validator(kind: FilingKind, error: ValidationError) -> dict[str, Any]:
    path, code = [str(part) for part in error.absolute_path], str(error.validator)
    if code == "required":
        missing = error.message.split("'")[1]
        return _from_finding(finding("cell_missing", ERROR, field=missing))
    if code == "additionalProperties":
        allowed = set(error.schema["properties"]) if isinstance(error.schema, dict) else set()
        sent = set(error.instance) if isinstance(error.instance, dict) else set()
        name = next(iter(sorted(sent - allowed)), "")
        return request_error(name, "unknown", _("There is no such field."))
    field = field_named(kind, path[0]) if path else None
    if field is None:
        return _error(None, "", code, _("A row is an object with the fields of its kind."))
    return _from_finding(finding(_code(field, code, error.instance), ERROR, **_facts(field, error)))


_OF_TYPE = {
    FieldType.DAY: "cell_day",
    FieldType.MONTH: "cell_month",
    FieldType.MONEY: "cell_money",
    FieldType.WHOLE: "cell_number",
    FieldType.CHOICE: "cell_choice",
    FieldType.INSURANCES: "cell_choice",
    FieldType.MOBILE: "cell_mobile",
}


def _code(field: Field, validator: str, value: object) -> str:
    """Return the code that the same fault has in a form or a sheet."""
    if value in ("", []):
        return "cell_missing"
    if field.type in {FieldType.NAME, FieldType.ID_NUMBER}:
        if validator == "pattern":
            return "control_character"
        return "name_too_long" if field.type is FieldType.NAME else "id_length"
    if validator in {"minimum", "maximum"}:
        return "amount_range" if field.type is FieldType.MONEY else "number_range"
    return _OF_TYPE[field.type]


def _facts(field: Field, error: ValidationError) -> dict[str, Any]:
    # Never a number or a name: they may be somebody's, and answers go into programs' logs.
    is_shown = field.type not in {FieldType.NAME, FieldType.ID_NUMBER, FieldType.MOBILE}
    text = str(error.instance)[:_SHOWN] if is_shown else "…"
    return {"field": field.name, "text": text}


def _from_finding(found: Finding) -> dict[str, Any]:
    kept = {"code": found.code, "level": found.level, "facts": found.facts}
    return _error(None, place_of(kept), found.code, finding_text(kept))


def _error(row: int | None, field: str, code: str, detail: str) -> dict[str, Any]:
    return {"row": row, "field": field, "code": code, "detail": detail}


def invalid(errors: list[dict[str, Any]]) -> ApiProblem:
    """Return the refusal of a request, with what is wrong in it."""
    return ApiProblem(
        422,
        "invalid",
        ngettext(
            "Nothing was kept: %(num)s thing is wrong.",
            "Nothing was kept: %(num)s things are wrong.",
            len(errors),
        ),
        errors=errors[:_MOST_ERRORS],
    )
