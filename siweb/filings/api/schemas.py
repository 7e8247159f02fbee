"""What programs send and get, declared once: it validates, and it is the OpenAPI document."""

from typing import Any

from siweb.filings.fields.choices import CHOICES
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import FilingState
from siweb.filings.tables.filing_row import RowState
from siweb.registry.codes import Insurance

MOST_ROWS = 5_000
Schema = dict[str, Any]

_DAY: Schema = {
    "type": "string",
    "pattern": r"^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$",
    "format": "date",
    "description": "YYYY-MM-DD",
}
_MONTH: Schema = {
    "type": "string",
    "pattern": "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$",
    "description": "YYYY-MM",
}
_FEN: Schema = {
    "type": "integer",
    "minimum": 0,
    "maximum": 10**11,
    "description": "An amount in fen: 100 are a yuan",
}


def _text(most: int, about: str = "") -> Schema:
    found: Schema = {"type": "string", "minLength": 1, "maxLength": most}
    # No control characters: a database keeps no NUL.
    found["pattern"] = r"^[^\u0000-\u001f\u007f]+$"
    return found | ({"description": about} if about else {})


def _words(name: str) -> Schema:
    return {"type": "string", "enum": list(CHOICES[name])}


_ID_NUMBER = _text(40, "Citizen ID number with 18 characters")
_NAME = _text(100)
_MOBILE: Schema = {"type": "string", "pattern": "^1[3-9][0-9]{9}$"}
_FIELDS: dict[FilingKind, dict[str, Schema]] = {
    FilingKind.HIRE: {
        "hired_on": _DAY,
        "wage_fen": _FEN,
        "start_month": _MONTH,
        "insurances": {
            "type": "array",
            "minItems": 1,
            "maxItems": 5,
            "uniqueItems": True,
            "items": {"type": "string", "enum": [one.value for one in Insurance]},
        },
        "retirement_category": _words("retirement_category"),
        "form": _words("form"),
        "contract_type": _words("contract_type"),
        "contract_until": _DAY,
        "reason": _words("hire_reason"),
        "mobile": _MOBILE,
    },
    FilingKind.LEAVE: {
        "ended_on": _DAY,
        "end_reason": _words("end_reason"),
        "is_voluntary": _words("is_voluntary"),
        "stop_month": _MONTH,
    },
    FilingKind.CHANGE: {
        "new_name": _NAME,
        "wage_fen": _FEN,
        "start_month": _MONTH,
        "mobile": _MOBILE,
        "retirement_category": _words("retirement_category"),
    },
    FilingKind.PAUSE: {"stop_month": _MONTH, "reason": _words("pause_reason")},
    FilingKind.RESUME: {"start_month": _MONTH, "wage_fen": _FEN},
    FilingKind.BASE: {
        "start_month": _MONTH,
        "total_wage_fen": _FEN,
        "months": {"type": "integer", "minimum": 1, "maximum": 12},
        "wage_fen": _FEN,
    },
}
_NEEDED = {
    FilingKind.HIRE: ["hired_on", "wage_fen", "start_month", "insurances"],
    FilingKind.LEAVE: ["ended_on", "end_reason", "is_voluntary", "stop_month"],
    FilingKind.CHANGE: [],
    FilingKind.PAUSE: ["stop_month"],
    FilingKind.RESUME: ["start_month", "wage_fen"],
    FilingKind.BASE: ["start_month", "wage_fen"],
}


def row_schema(kind: FilingKind) -> Schema:
    """Return the schema of one row of a kind."""
    return {
        "type": "object",
        "required": ["id_number", "name", *_NEEDED[kind]],
        "properties": {"id_number": _ID_NUMBER, "name": _NAME, **_FIELDS[kind]},
        "additionalProperties": False,
    }


def filing_schema(kind: FilingKind) -> Schema:
    """Return the schema of a filing of a kind, as it is sent."""
    return {
        "type": "object",
        "required": ["kind", "rows"],
        "properties": {
            "kind": {"const": kind.value},
            "rows": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_ROWS,
                "items": {"$ref": f"#/components/schemas/{kind.value}_row"},
            },
        },
        "additionalProperties": False,
    }


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


_COUNT: Schema = {"type": "integer", "minimum": 0}
_INSTANT: Schema = {"type": ["string", "null"], "format": "date-time"}
_FINDING = _object(
    code={"type": "string"},
    level={"type": "string", "enum": ["error", "warning", "info"]},
    detail={"type": "string"},
)
FILING = _object(
    reference={"type": "string"},
    kind={"type": "string", "enum": [one.value for one in FilingKind]},
    state={"type": "string", "enum": [one.value for one in FilingState]},
    is_read={"type": "boolean", "description": "False while a sheet is still being checked"},
    refusal={"type": ["string", "null"], "description": "Why a sheet could not be read"},
    opened_at=_INSTANT,
    confirmed_at=_INSTANT,
    rows=_COUNT,
    good=_COUNT,
    refused=_COUNT,
    applied=_COUNT,
    receipt={"type": ["string", "null"]},
)
ROW = _object(
    position={"type": "integer", "minimum": 1},
    state={"type": "string", "enum": [one.value for one in RowState]},
    is_late={"type": "boolean"},
    given={"type": "object"},
    findings={"type": "array", "items": _FINDING},
)
_WHOLE: Schema = {"type": "integer"}
TOTALS = _object(
    roster=_object(
        rows=_COUNT,
        unknown=_COUNT | {"description": "People whom the register does not know yet"},
        late=_COUNT,
        up=_COUNT | {"description": "Bases that go up; only of a yearly declaration"},
        down=_COUNT,
        same=_COUNT,
        step_fen=_WHOLE,
        jumps=_COUNT,
        not_listed=_COUNT | {"description": "Insured employees without a row; else 0"},
    ),
    bill={
        "type": "array",
        "items": _object(
            insurance={"type": "string", "enum": [one.value for one in Insurance]},
            people=_COUNT,
            employer_fen=_COUNT,
            employee_fen=_COUNT,
        ),
    },
)
EMPLOYEE = _object(
    id_number={"type": "string"},
    name={"type": "string"},
    hired_on={"type": "string", "format": "date"},
    ended_on={"type": ["string", "null"], "format": "date"},
    state={"type": "string"},
)
PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "row": {"type": ["integer", "null"]},
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def page_of(name: str) -> Schema:
    """Return the schema of a page of something."""
    return _object(
        items={"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
        page={"type": "integer", "minimum": 1},
        has_more={"type": "boolean"},
    )


def all_schemas() -> dict[str, Schema]:
    """Return every named schema of the document."""
    named = {"filing": FILING, "row": ROW, "employee": EMPLOYEE, "totals": TOTALS}
    named["problem"] = PROBLEM
    for kind in FilingKind:
        named[f"{kind.value}_row"] = row_schema(kind)
        named[f"{kind.value}_filing"] = filing_schema(kind)
    return named | {f"{name}_page": page_of(name) for name in ("filing", "row", "employee")}
