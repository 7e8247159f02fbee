"""The office's name, telephone and emblem, as every page shows them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from siweb import clock
from siweb.web.database import database
from siweb.web.language.locale import preferences

# Every page shows it and it hardly ever changes: each process of the server asks once a minute, so
# that a new name stands everywhere a minute later without a statement on each page.
_KEPT_FOR = timedelta(minutes=1)
_EXTENSION = "siweb_shown_office"


class Shown(Protocol):
    """What an office shows of itself (registry/regions/shown_office.py), by value."""

    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def emblem(self) -> str: ...


Read = Callable[[Session], Shown | None]


@dataclass(slots=True)
class _Kept:
    read: Read
    office: Shown | None = None
    read_at: datetime | None = None


def install(app: Flask, read: Read) -> None:
    """Tell every page whose it is; `read` knows the tables."""
    app.extensions[_EXTENSION] = _Kept(read)
    app.add_template_global(office, "office")
    app.add_template_global(office_name, "office_name")


def office() -> Shown | None:
    """Return what the office shows of itself; None before it was opened."""
    kept: _Kept = current_app.extensions[_EXTENSION]
    at = clock.now()
    # Not only too old: a clock that was set back would keep it for as long as that.
    if kept.read_at is None or abs(at - kept.read_at) >= _KEPT_FOR:
        # Whatever comes of it: of a database that is away no page asks twice, waiting each time.
        kept.read_at = at
        try:
            with database().readers() as session:
                kept.office = kept.read(session)
        except SQLAlchemyError:
            # The page that says so has a head as well: the last name serves until it is back.
            return kept.office
    return kept.office


def forget_office() -> None:
    """Let the next page ask again: its name has just been changed here."""
    current_app.extensions[_EXTENSION].read_at = None


def office_name() -> str:
    """Return the office's name in the reader's language."""
    found = office()
    if found is None:
        return str(_("Social insurance office"))
    return found.name_zh if preferences().locale == "zh_Hans" else found.name_en
