"""Why a case or report is not handled as asked; the words are found where it is shown."""

from siweb.rules.errors import Refusal


class AssessmentRefused(Refusal):
    """When something may not be done with a case as it stands; `code` says why."""
