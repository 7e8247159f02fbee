"""Every kind of review as a multi-page form, by the name that its drafts keep."""

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
