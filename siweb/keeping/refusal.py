"""Why something about keeping cannot be done."""

from siweb.rules.errors import Refusal


class KeepingRefused(Refusal):
    """When a term, a hold or a destruction cannot be carried out; `code` says why."""
