"""The reader's words for the fixed words of the register: insurances, schemes, agencies."""

from flask import Flask
from flask_babel import lazy_gettext as _l

INSURANCES = {
    "pension": _l("Pension insurance"),
    "medical": _l("Medical insurance"),
    "unemployment": _l("Unemployment insurance"),
    "work_injury": _l("Work injury insurance"),
    "maternity": _l("Maternity insurance"),
}
SCHEMES = {
    "employee": _l("Employee"),
    "flexible": _l("Flexible worker"),
    "resident": _l("Resident"),
}
AGENCIES = {
    "hrss": _l("Human resources and social security agency"),
    "medical_security": _l("Medical security agency"),
}
COLLECTORS = {
    "agency": _l("the agency itself"),
    "tax": _l("the tax office"),
}


def insurance_name(code: str) -> str:
    """Return an insurance's name by its code, 'pension'."""
    return str(INSURANCES[code])


def scheme_name(code: str) -> str:
    """Return as what somebody takes part, by its code, 'flexible'."""
    return str(SCHEMES[code])


def install(app: Flask) -> None:
    """Make the names filters of the templates."""
    app.jinja_env.filters["insurance_name"] = insurance_name
    app.jinja_env.filters["scheme_name"] = scheme_name
