"""What a program says of a list as a whole, in the address: its kind, its sheet, its values."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from siweb.filings.api.read_body import field_error, invalid, request_error
from siweb.filings.api.schemas import Schema, field_schema, in_words
from siweb.filings.fields.field import Field, FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.of_kinds import fields_of
from siweb.rules.identifiers.typed_text import normalise_text

_NUMBERS = {FieldType.MONEY, FieldType.WHOLE}


class ListQuery(NamedTuple):
    """What counts for the whole list, by field, and the sheet that is meant."""

    kind: FilingKind
    values: dict[str, Any]
    sheet: str | None


def list_fields(kind: FilingKind) -> tuple[Field, ...]:
    """Return the fields that many people can share: nobody shares a number or a name."""
    return tuple(
        field for field in fields_of(kind) if field.repeats and (field.headings or field.default)
    )


def read_list_query(args: MultiDict[str, str]) -> ListQuery:
    """Return what an address says of a list.

    :raises ApiProblem: with one error for each parameter that is wrong, unknown or there twice.
    """
    typed = args.get("kind", "")
    if typed not in set(FilingKind):
        kinds = ", ".join(FilingKind)
        raise invalid([request_error("kind", "kind", _("One of: %(kinds)s", kinds=kinds))])
    kind = FilingKind(typed)
    fields = {field.name: field for field in list_fields(kind)}
    values, errors = dict[str, Any](), list[dict[str, Any]]()
    for name, texts in args.lists():
        field = fields.get(name)
        if field is not None and field.type is FieldType.INSURANCES:
            value: Any = texts
        elif len(texts) > 1:
            errors.append(request_error(name, "twice", _("It is in the address twice.")))
            continue
        else:
            value = texts[0]
        if field is None:
            if name not in {"kind", "sheet"}:
                errors.append(request_error(name, "unknown", _("There is no such field.")))
            continue
        values[name] = _as_json(field, value)
        errors += filter(None, [field_error(kind, field, values[name])])
    if errors:
        raise invalid(errors)
    return ListQuery(kind, values, normalise_text(args.get("sheet", "")) or None)


def _as_json(field: Field, value: Any) -> Any:
    """Return a text of an address as a body would have it; what is no number stays a text."""
    is_number = field.type in _NUMBERS and value.isascii() and value.isdigit()
    # More digits than any amount has are not worth a number of their own.
    return int(value[:24]) if is_number else value


def list_parameters() -> list[dict[str, Any]]:
    """Return the parameters as the document describes them, each once for all kinds."""
    schemas: dict[str, dict[FilingKind, Schema]] = {}
    for kind in FilingKind:
        for field in list_fields(kind):
            schemas.setdefault(field.name, {})[kind] = in_words(field_schema(field))
    described = str(_l("For the whole list, if it has no column for it. Kinds: %(kinds)s"))
    found = [
        _parameter(name, described % {"kinds": ", ".join(of_kinds)}, _joined(of_kinds))
        for name, of_kinds in schemas.items()
    ]
    sheet = str(_l("The name of the sheet that has the list, if there are several"))
    return [*found, _parameter("sheet", sheet, {"type": "string"})]


def _parameter(name: str, described: str, schema: Schema) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": described,
        "schema": schema,
    }


def _joined(of_kinds: Mapping[FilingKind, Schema]) -> Schema:
    """Return the schema of a parameter that several kinds have, with other choices each."""
    different = [
        schema
        for number, schema in enumerate(of_kinds.values())
        if schema not in list(of_kinds.values())[:number]
    ]
    return different[0] if len(different) == 1 else {"anyOf": different}
