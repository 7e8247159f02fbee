"""The page of a copy: everything that has a meaning without a program, in the reader's words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from flask_babel import gettext as _
from markupsafe import escape

from siweb.data_copies.code_labels import column_label
from siweb.data_copies.part import Part
from siweb.data_copies.values import Names, in_words, is_shown
from siweb.web.language.formats import instant
from siweb.web.language.locale import preferences

# It is read from a disk, where no stylesheet of the office is.
_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:auto;padding:1rem}"
    "li{margin:.5rem 0;overflow-wrap:anywhere}b{font-weight:600}h2{border-top:1px solid #999}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}a{color:#9cf}}"
)


@dataclass(slots=True)
class Page:
    """A page that grows row by row."""

    target: IO[str]
    name: str
    office: str
    at: datetime
    _shown: list[Any] = field(default_factory=list)
    _is_open: bool = False

    def __post_init__(self) -> None:
        title = escape(_("Copy of all that the office keeps about %(name)s", name=self.name))
        language = preferences().locale.replace("_", "-")
        self._write(
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{title}</title><style>{_STYLE}</style></head><body><main><h1>{title}</h1>"
            f"<p>{escape(self.office)} · {escape(instant(self.at))}</p>"
        )
        for sentence in (
            _("Keep this file where nobody else finds it: it has your ID number and accounts."),
            _("Of others it says only that they were others. The scans are in the folder “scans”."),
            # True in both languages: what has no words yet stands as the tables have it.
            _("A word such as “case.given” is a mark that only the office’s programs use."),
            _("What forms hold word by word, and every key, is in data.json, for programs."),
        ):
            self._write(f"<p>{escape(sentence)}</p>")

    def begin(self, part: Part) -> None:
        """Begin a part; it is left out of the page if no row follows."""
        self._shown, self._is_open = [is_shown(column) for column in part.columns], False

    def add(self, part: Part, row: Any, names: Names) -> None:
        """Add a row, without what is empty in it."""
        pairs = (
            (column_label(part.name, column.name), in_words(part.name, column, value, names))
            for column, value, shown in zip(part.columns, row, self._shown, strict=True)
            if shown
        )
        line = " · ".join(
            f"<b>{escape(label)}</b> {escape(words)}" for label, words in pairs if words
        )
        if not line:
            return
        if not self._is_open:
            self._write(f"<h2>{escape(part.title)}</h2><ul>")
            self._is_open = True
        self._write(f"<li>{line}</li>")

    def close(self) -> None:
        """End a part."""
        if self._is_open:
            self._write("</ul>")

    def end(self) -> None:
        """End the page."""
        self._write("</main></body></html>")

    def _write(self, text: Any) -> None:
        self.target.write(str(text))
