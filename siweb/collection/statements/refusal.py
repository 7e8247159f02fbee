"""When a bank statement as a whole cannot be imported."""

from siweb.rules.errors import Refusal


class StatementRefused(Refusal):
    """When a statement cannot be read or is not this office's.

    `line` counts from 1, 0 where the whole file is meant; `column` is the heading, `text` what
    stands there.
    """

    def __init__(self, code: str, line: int = 0, column: str = "", text: str = "") -> None:
        super().__init__(code, line=line, column=column, text=text[:80])
        self.line = line
        self.column = column
        self.text = text[:80]

    def __str__(self) -> str:
        """Return code and place, for a log."""
        return f"{self.code} at line {self.line} {self.column}".strip()
