"""What every page about a person begins with: who it is, and the way to each part."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select

from siweb.auth.access import duties, may_read, runs
from siweb.auth.tables.appointment import Function
from siweb.notes.about import About
from siweb.notes.find import count_notes, seen_by
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import PAYING
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region
from siweb.web.database import db_session

# Whose work begins with a person; what each may do there is said beside each form.
PEOPLE_READERS = (
    Function.REGISTRATION,
    Function.CONTRIBUTIONS,
    Function.FINANCE,
    Function.REVIEW,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is known of a person; `endpoint` where it is a page of another subject."""

    name: str
    words: Any
    functions: tuple[Function, ...] = PEOPLE_READERS
    about: Iterable[Insurance] = ()
    endpoint: str = "people_desk.show_part"

    @property
    def is_open(self) -> bool:
        """Return whether the visitor may see it; only in views marked `duty`."""
        return may_read(*self.functions) and (not self.about or runs(*self.about))

    def address(self, person_id: int) -> str:
        """Return its address."""
        part: dict[str, Any] = (
            {"part": self.name} if self.endpoint == "people_desk.show_part" else {}
        )
        return url_for(self.endpoint, person_id=person_id, **part)


_PENSION = (Insurance.PENSION,)
PARTS = (
    Part("overview", _l("Overview"), endpoint="people_desk.show_person"),
    Part("employments", _l("Work and insurance")),
    Part("record", _l("Record")),
    Part("account", _l("Individual account"), about=_PENSION),
    Part("bills", _l("Bills and payments")),
    Part("cases", _l("Cases")),
    Part("notes", _l("Notes")),
    Part(
        "benefits",
        _l("Benefits"),
        (Function.REVIEW, Function.FINANCE),
        PAYING,
        "benefit_desk.show_months",
    ),
    Part("papers", _l("Papers")),
    Part("messages", _l("Messages")),
    Part("contact", _l("Contact and mandates")),
    Part("helpers", _l("Helpers"), (Function.REGISTRATION,), endpoint="help_desk.show_helpers"),
    Part("copy", _l("Copy of all data"), (Function.REGISTRATION,), endpoint="copy_desk.show_form"),
    # Who of the staff looked is no colleague's business.
    Part("access", _l("Who looked"), (Function.AUDIT,)),
)


@dataclass(frozen=True, slots=True)
class Way:
    """A part as it is linked."""

    words: Any
    address: str
    is_here: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Who a page is about, and the way to the parts that the visitor may see."""

    person: Person
    region: Region
    is_insured: bool
    # Where the person works now, the newest; by its name and code.
    works_at: tuple[str, str] | None
    ways: tuple[Way, ...]


def head_of(person: Person, here: str) -> Head:
    """Return the head of a person's page; one statement."""
    insured = exists().where(is_of(Enrolment.person_id, person.id), Enrolment.to_month.is_(None))
    works = (
        select(Employment.employer_id)
        .where(is_of(Employment.person_id, person.id), Employment.ended_on.is_(None))
        .order_by(Employment.hired_on.desc(), Employment.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    # With the head, so that a colleague's note is seen from every part of the page.
    notes = count_notes(About(person_id=person.id), seen_by(duties(), PEOPLE_READERS))
    found = (
        select(Region, insured, Employer.name, Employer.uscc, notes.scalar_subquery())
        .outerjoin(Employer, Employer.id == works)
        .where(Region.code == person.region_code)
    )
    region, is_insured, name, uscc, noted = db_session().execute(found).one()
    # None at all is no number to read.
    counts = {"notes": noted or None}
    ways = (
        Way(part.words, part.address(person.id), part.name == here, counts.get(part.name))
        for part in PARTS
        if part.is_open
    )
    return Head(person, region, is_insured, (name, uscc) if name else None, tuple(ways))


def part_named(name: str) -> Part | None:
    """Return the part of that name which the visitor may see."""
    found = (part for part in PARTS[1:] if part.name == name and part.endpoint.endswith("_part"))
    return next((part for part in found if part.is_open), None)
