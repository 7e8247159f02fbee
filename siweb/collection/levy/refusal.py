"""Why a levy is refused; the words are found where it is shown."""

from siweb.rules.errors import Refusal


class LevyRefused(Refusal):
    """When a month may not be levied as asked; `code` says why."""
