"""Every kind of review as a multi-page form, by the name that its drafts keep."""

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds import base_choice, certification, medical_status, record_check
from siweb.wizard.definition import Definition

DEFINITIONS: dict[str, Definition] = {
    definition.name: definition
    for definition in (
        record_check.DEFINITION,
        base_choice.DEFINITION,
        certification.DEFINITION,
        certification.BY_RELATIVE,
        medical_status.DEFINITION,
    )
}
# "These answers are yours" is untrue of whoever answers for somebody else.
_FOR_ANOTHER = _l(
    "By sending you confirm that you filled this in for %(name)s and that it is true."
)


def definition_for(name: str, *, by_other: bool) -> Definition:
    """Return a form; where somebody answers for another, what they declare says so."""
    found = DEFINITIONS[name]
    if not by_other:
        return found
    is_base = found is base_choice.DEFINITION
    words = base_choice.FOR_ANOTHER if is_base else _FOR_ANOTHER
    return replace(found, declaration=words, figures=_whose)


def _whose(facts: ReviewFacts) -> dict[str, Any]:
    return {"name": facts.person.name}
