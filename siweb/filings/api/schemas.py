"""What programs send and get, declared once: it validates, and it is the OpenAPI document."""

from typing import Any

from flask_babel import gettext

from siweb.auth.office_tokens import LIST_KINDS
from siweb.filings.fields.choices import CHOICES
from siweb.filings.fields.field import N_, Default, Field, FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.of_kinds import AVERAGE, fields_in_use, fields_of
from siweb.filings.fields.values import LONGEST_NAME, LONGEST_NUMBER
from siweb.filings.tables.filing import FilingState
from siweb.filings.tables.filing_row import RowState
from siweb.queue.job import JobState
from siweb.registry.codes import Insurance

# Read within the request; longer lists come as files, which a job reads.
MOST_ROWS = 5_000
Schema = dict[str, Any]

# A program that sends control characters has a fault; those nobody sees are taken out.
_NO_CONTROL = r"^[^\u0000-\u001f\u007f]+$"
_OF_TYPE: dict[FieldType, Schema] = {
    FieldType.ID_NUMBER: {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_NUMBER,
        "pattern": _NO_CONTROL,
        "description": N_("Citizen ID number with 18 characters"),
    },
    FieldType.NAME: {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_NAME,
        "pattern": _NO_CONTROL,
    },
    FieldType.DAY: {
        "type": "string",
        "pattern": "^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$",
        "format": "date",
        "description": "YYYY-MM-DD",
    },
    FieldType.MONTH: {
        "type": "string",
        "pattern": "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$",
        "description": "YYYY-MM",
    },
    FieldType.MONEY: {"type": "integer", "description": N_("An amount in fen: 100 are a yuan")},
    FieldType.WHOLE: {"type": "integer"},
    FieldType.CHOICE: {"type": "string"},
    FieldType.INSURANCES: {"type": "array", "minItems": 1, "maxItems": 5, "uniqueItems": True},
    FieldType.MOBILE: {"type": "string", "pattern": "^1[3-9][0-9]{9}$"},
}


def field_schema(field: Field) -> Schema:
    """Return the schema of a field's value."""
    schema = {"title": field.label, **_OF_TYPE[field.type]}
    if field.type is FieldType.INSURANCES:
        schema["items"] = {"type": "string", "enum": list(CHOICES[field.choices])}
    elif field.choices:
        schema["enum"] = list(CHOICES[field.choices])
    if field.most:
        schema |= {"minimum": field.least, "maximum": field.most}
    return schema


def row_schema(kind: FilingKind) -> Schema:
    """Return the schema of one row of a kind."""
    fields = fields_of(kind)
    return {
        "type": "object",
        "required": [field.name for field in fields if _is_required(kind, field)],
        "properties": {field.name: field_schema(field) for field in fields},
        "additionalProperties": False,
    }


def _is_required(kind: FilingKind, field: Field) -> bool:
    """Return whether every row has to have a field, in whatever form a yearly base comes."""
    is_always_in_use = all(field in fields_in_use(kind, names) for names in ((), (AVERAGE.name,)))
    return field.is_needed and field.default is not Default.PAYMENT_YEAR and is_always_in_use


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
    kind={"type": "string", "enum": [kind.value for kind in FilingKind]},
    state={"type": "string", "enum": [state.value for state in FilingState]},
    is_read={"type": "boolean", "description": N_("False while a sheet is still being checked")},
    work={
        "type": "string",
        "enum": [state.value for state in JobState],
        "description": N_(
            "Of reading or sending in the background; failed ones say why in refusal"
        ),
    },
    refusal={
        "type": ["string", "null"],
        "description": N_("Why a sheet could not be read, or why the work at it failed"),
    },
    opened_at=_INSTANT,
    confirmed_at=_INSTANT,
    rows=_COUNT,
    good=_COUNT,
    refused=_COUNT,
    applied=_COUNT,
    withdrawn=_COUNT,
    receipt={"type": ["string", "null"]},
)
DELETED = _object(reference={"type": "string"}, deleted={"const": True})
ROW = _object(
    position={"type": "integer", "minimum": 1},
    state={"type": "string", "enum": [state.value for state in RowState]},
    is_late={"type": "boolean"},
    values={"type": "object"},
    findings={"type": "array", "items": _FINDING},
)
_WHOLE: Schema = {"type": "integer"}
TOTALS = _object(
    roster=_object(
        rows=_COUNT,
        unknown=_COUNT | {"description": N_("People whom the register does not know yet")},
        late=_COUNT,
        up=_COUNT | {"description": N_("Bases that go up; only of a yearly declaration")},
        down=_COUNT,
        same=_COUNT,
        step_fen=_WHOLE,
        jumps=_COUNT,
        not_listed=_COUNT | {"description": N_("Insured employees without a row; else 0")},
    ),
    bill={
        "type": "array",
        "items": _object(
            insurance={"type": "string", "enum": [insurance.value for insurance in Insurance]},
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
WITHDRAWAL: Schema = {
    "type": "object",
    "required": ["reason"],
    "properties": {
        "rows": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_ROWS,
            "uniqueItems": True,
            # As `operations.MOST_POSITION`, which stands above this part.
            "items": {"type": "integer", "minimum": 1, "maximum": 10_000_000},
            "description": N_("Positions of the rows that are withdrawn; left out, all of them"),
        },
        "reason": {"type": "string", "minLength": 1, "maxLength": 500, "pattern": _NO_CONTROL},
    },
    "additionalProperties": False,
}
LIST_ROW: Schema = {
    "type": "object",
    "required": ["id_number", "kind", "seen_on"],
    "properties": {
        "id_number": _OF_TYPE[FieldType.ID_NUMBER] | {"title": N_("ID number")},
        "name": _OF_TYPE[FieldType.NAME] | {"title": N_("Name")},
        "kind": {
            "type": "string",
            "enum": list(LIST_KINDS),
            "title": N_("What the list says of the person"),
        },
        "seen_on": {
            "type": "string",
            "minLength": 1,
            "maxLength": 20,
            "pattern": _NO_CONTROL,
            "title": N_("Day of it"),
            "description": "YYYY-MM-DD",
        },
        "remark": {
            "type": "string",
            "minLength": 1,
            "maxLength": 200,
            "pattern": _NO_CONTROL,
            "title": N_("Remark"),
        },
    },
    "additionalProperties": False,
}
LIST_SENT: Schema = {
    "type": "object",
    "required": ["rows"],
    "properties": {
        "rows": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_ROWS,
            "items": {"$ref": "#/components/schemas/list_row"},
        },
        "dry_run": {
            "type": "boolean",
            "description": N_("True: only say what is wrong; nothing is kept"),
        },
    },
    "additionalProperties": False,
}
LIST = _object(
    reference={"type": ["string", "null"], "description": N_("Null after a dry run")},
    state={"type": "string", "enum": ["tried", "received", "taken_in"]},
    rows=_COUNT,
    readable={
        "type": ["integer", "null"],
        "minimum": 0,
        "description": N_("Rows with nothing wrong; null when it is asked for later"),
    },
    findings={
        "type": "array",
        "items": _object(
            row={"type": "integer", "minimum": 1},
            field={"type": "string"},
            code={"type": "string"},
            detail={"type": "string"},
        ),
    },
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
    named |= {"deleted": DELETED, "problem": PROBLEM, "withdrawal": WITHDRAWAL}
    named |= {"list": LIST, "list_sent": LIST_SENT, "list_row": LIST_ROW}
    for kind in FilingKind:
        named[f"{kind.value}_row"] = row_schema(kind)
        named[f"{kind.value}_filing"] = filing_schema(kind)
    named |= {f"{name}_page": page_of(name) for name in ("filing", "row", "employee")}
    return {name: in_words(schema) for name, schema in named.items()}


def in_words(schema: Schema) -> Schema:
    """Return a schema with its titles and descriptions in the reader's language."""
    return {name: _in_words(name, value) for name, value in schema.items()}


def _in_words(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return in_words(value)
    if isinstance(value, list):
        return [_in_words("", item) for item in value]
    return str(gettext(value)) if name in {"title", "description"} else value
