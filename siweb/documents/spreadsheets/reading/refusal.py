"""Why a file is refused as a whole; the sentences are found where it is shown."""

from siweb.rules.errors import Refusal


class SheetRefused(Refusal):
    """When a file cannot be read as a spreadsheet; `code` and `facts` say why."""
