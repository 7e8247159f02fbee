"""What every page about an employer begins with: who it is, and the way to each part."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, func, select

from siweb.auth.access import duties, may_read, runs
from siweb.auth.tables.appointment import Function
from siweb.collection.tables.arrears import is_in_arrears
from siweb.collection.tables.bill import Bill
from siweb.desk.people.pages.head import Way
from siweb.notes.find import seen_by
from siweb.notes.tables.office_note import OfficeNote
from siweb.registry.codes import Insurance
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.region import Region
from siweb.web.database import db_session

# Whose work is with employers; what each may do there is said beside each form.
EMPLOYER_READERS = (Function.REGISTRATION, Function.CONTRIBUTIONS, Function.FINANCE)
MONEY = (Function.CONTRIBUTIONS, Function.FINANCE)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is known of an employer, and whose work it belongs to."""

    name: str
    words: Any
    functions: tuple[Function, ...] = EMPLOYER_READERS
    about: Iterable[Insurance] = ()

    @property
    def is_open(self) -> bool:
        """Return whether the visitor may see it; only in views marked `duty`."""
        return may_read(*self.functions) and (not self.about or runs(*self.about))

    def address(self, uscc: str) -> str:
        """Return its address; the first part is the employer's own."""
        if self.name == PARTS[0].name:
            return url_for("employer_desk.show_employer", uscc=uscc)
        return url_for("employer_desk.show_part", uscc=uscc, part=self.name)


PARTS = (
    Part("overview", _l("Overview")),
    Part("people", _l("Employees")),
    Part("bills", _l("Bills and payments"), MONEY),
    Part("filings", _l("Filings")),
    Part("rate", _l("Injury class"), about=(Insurance.WORK_INJURY,)),
    Part("mandates", _l("Mandates")),
    Part("cases", _l("Cases")),
    Part("notes", _l("Notes")),
    Part("messages", _l("Messages")),
    Part("changes", _l("Changes")),
)


@dataclass(frozen=True, slots=True)
class Head:
    """Which employer a page is about, and the way to the parts that the visitor may see."""

    employer: Employer
    region: Region
    is_in_arrears: bool
    ways: tuple[Way, ...]


def find_head(uscc: str, here: str) -> Head | None:
    """Return the head of an employer's page, and the employer with it; one statement."""
    owes = exists().where(Bill.employer_id == Employer.id, is_in_arrears())
    # With the head, so that a colleague's note is seen from every part of the page.
    noted = select(func.count(OfficeNote.id)).where(
        OfficeNote.employer_id == Employer.id,
        OfficeNote.case_kind.is_(None),
        seen_by(duties(), EMPLOYER_READERS),
    )
    asked = select(Employer, Region, owes, noted.scalar_subquery()).join(
        Region, Region.code == Employer.region_code
    )
    found = db_session().execute(asked.where(Employer.uscc == uscc)).first()
    if found is None:
        return None
    employer, region, is_behind, notes = found
    # None at all is no number to read.
    counts = {"notes": notes or None}
    ways = (
        Way(part.words, part.address(employer.uscc), part.name == here, counts.get(part.name))
        for part in PARTS
        if part.is_open
    )
    return Head(employer, region, is_behind, tuple(ways))


def part_named(name: str) -> Part | None:
    """Return the part of that name which the visitor may see, but for the first."""
    return next((part for part in PARTS[1:] if part.name == name and part.is_open), None)
