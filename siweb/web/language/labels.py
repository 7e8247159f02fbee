"""The reader's words for the fixed words of the register: insurances, schemes, agencies."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask import Blueprint, Flask
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from siweb.rules.insurances import insurance_order
from siweb.web.language.locale import preferences

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
    return _name_of_insurance(preferences().locale, code)


def insurance_names(codes: Iterable[str]) -> str:
    """Return the names of insurances in a row, in their order."""
    return str(gettext(", ")).join(map(insurance_name, sorted(codes, key=insurance_order)))


@lru_cache
def _name_of_insurance(_locale: str, code: str) -> str:
    # In the reader's language, by which the cache is asked as well.
    return str(INSURANCES[code])


def scheme_name(code: str) -> str:
    """Return as what somebody takes part, by its code, 'flexible'."""
    return str(SCHEMES[code])


def region_name(region: Any) -> str:
    """Return a region's name in the reader's language."""
    return str(region.name_zh if preferences().locale == "zh_Hans" else region.name_en)


def province_name(region: Any) -> str:
    """Return the province of a region in the reader's language."""
    return str(region.province_zh if preferences().locale == "zh_Hans" else region.province_en)


def template_labels(blueprint: Blueprint, **labels: Mapping[str, Any]) -> None:
    """Let templates use a subject's labels under a name.

    They are the same for every page: nothing is looked up or copied for pages that need none.
    """
    blueprint.record_once(lambda state: state.app.jinja_env.globals.update(labels))


def install(app: Flask) -> None:
    """Make the names filters of the templates."""
    for filter_ in (insurance_name, insurance_names, scheme_name, region_name, province_name):
        app.jinja_env.filters[filter_.__name__] = filter_
