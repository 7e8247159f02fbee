"""The cases on which colleagues leave notes: whose work each kind is, and how it is found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from flask import Flask, url_for
from sqlalchemy.orm import Session

from siweb.auth.access import duties, subject
from siweb.auth.staff.subject import Subject
from siweb.desk import subjects
from siweb.desk.people.pages.cases import KINDS, Kind
from siweb.notes.about import About
from siweb.notes.find import ShownNote, list_notes, seen_by
from siweb.web.addresses import LARGEST
from siweb.web.database import db_session

# Beside a case stand the newest; all are a page of their own.
_BESIDE = 3
_PAGES = {kind.endpoint: kind for kind in KINDS}
_BY_NUMBER = frozenset({"sign_id", "arrears_id"})


@dataclass(frozen=True, slots=True)
class NotedCase:
    """A kind of case: its page at the desk, and what finds whose it is."""

    page: Kind
    of: Callable[[Session, Any], Subject | None]

    def key(self, typed: str) -> str | None:
        """Return the key of an address as notes keep it, however it was typed; None of none."""
        if self.page.value not in _BY_NUMBER:
            # References are capitals: typed otherwise, the same case would have two lists.
            return typed.upper()
        is_number = typed.isascii() and typed.isdigit() and len(typed) <= len(str(LARGEST))
        return str(int(typed)) if is_number and int(typed) <= LARGEST else None

    @property
    def has_reference(self) -> bool:
        """Whether people know the case by its key; a row's number says nothing to them."""
        return self.page.value not in _BY_NUMBER

    def address(self, key: str) -> str:
        """Return the case's own page."""
        values: dict[str, Any] = {self.page.value: key}
        return url_for(self.page.endpoint, **values)


def _case(endpoint: str, of: Callable[[Session, Any], Subject | None]) -> NotedCase:
    return NotedCase(_PAGES[endpoint], of)


CASES: Mapping[str, NotedCase] = MappingProxyType(
    {
        "review": _case("review_desk.decide", subjects.of_review),
        "complaint": _case("complaint_desk.show_complaint", subjects.of_complaint),
        "pension": _case("pension_desk.show_application", subjects.of_pension_application),
        "transfer": _case("transfer_desk.show_transfer", subjects.of_transfer),
        "sign": _case("sign_desk.examine", subjects.of_sign),
        "report": _case("hire_reports.show_report", subjects.of_hire_report),
        "assessment": _case("assessment_desk.show_case", subjects.of_assessment),
        "arrears": _case("arrears_desk.show_one", subjects.of_arrears),
    }
)
"""By the name under which notes keep them."""


def of_noted_case(session: Session, kind: str, key: str) -> Subject | None:
    """Return whose matter a case is, as its own page finds it; None of what is no case."""
    case = CASES.get(kind)
    plain = None if case is None else case.key(key)
    if case is None or plain is None:
        return None
    return case.of(session, int(plain) if case.page.value in _BY_NUMBER else plain)


def about_case(kind: str, key: str) -> About:
    """Return the case of the address, with whom it concerns; only in views marked `duty`."""
    found = subject()
    return About(_only(found.person_ids), _only(found.employer_ids), (kind, key))


def _only(keys: frozenset[int]) -> int | None:
    # Of two people whom a case concerns neither has a right to what is noted of the other: such a
    # note is in nobody's copy.
    return next(iter(keys)) if len(keys) == 1 else None


class Beside(NamedTuple):
    """The newest notes on a case as its own page shows them, and where all of them are."""

    notes: list[ShownNote]
    address: str


def notes_beside(kind: str, key: str | int) -> Beside:
    """Return the newest notes on a case, whose page is shown; one statement."""
    case = CASES[kind]
    may_see = seen_by(duties(), (case.page.function,))
    about = About(case=(kind, str(key)))
    notes, _more = list_notes(db_session(), about, may_see, most=_BESIDE)
    return Beside(notes, url_for("note_desk.show_case_notes", kind=kind, key=key))


def install(app: Flask) -> None:
    """Let the one frame of all cases show the notes on its case."""
    app.jinja_env.globals["notes_beside"] = notes_beside
