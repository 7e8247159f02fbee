"""Why a file is refused as a whole; the words are found where it is shown."""

from typing import Any


class SheetRefused(ValueError):
    """When a file cannot be read as a sheet; `code` and `facts` say why."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
