"""Apply good rows to the register: employments, enrolments and declared bases."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from siweb.auth.activate import same_name
from siweb.filings.filing import FilingKind
from siweb.filings.known import KnownPerson
from siweb.registry.declared_base import DeclaredBase
from siweb.registry.employment import Employment
from siweb.registry.enrolment import Enrolment
from siweb.registry.person import Person
from siweb.registry.words import Insurance, RetirementCategory, Scheme, Sex
from siweb.rules.identity_number import parse_identity_number
from siweb.rules.months import add_months

Given = Mapping[str, Any]


class Register:
    """The register as the rows of one filing change it."""

    def __init__(
        self, session: Session, employer_id: int, region_code: str, *, at: datetime
    ) -> None:
        self.session = session
        self.employer_id = employer_id
        self.region_code = region_code
        self.at = at

    def apply(self, kind: FilingKind, given: Given, known: KnownPerson | None) -> int:
        """Apply one row that was found good; return whose it is."""
        if kind is FilingKind.HIRE:
            return self._hire(given, known)
        assert known is not None
        deeds = {
            FilingKind.LEAVE: self._leave,
            FilingKind.CHANGE: self._change,
            FilingKind.PAUSE: self._pause,
            FilingKind.RESUME: self._resume,
            FilingKind.BASE: self._declare,
        }
        deeds[kind](given, known)
        return known.person.id

    def _hire(self, given: Given, known: KnownPerson | None) -> int:
        known = known or KnownPerson(self._new_person(given))
        person = known.person
        if given.get("mobile") and not person.mobile:
            person.mobile = given["mobile"]
        employment = known.employment or Employment(
            person_id=person.id, employer_id=self.employer_id, registered_at=self.at
        )
        employment.hired_on = date.fromisoformat(given["hired_on"])
        employment.form = given.get("form", "full_time")
        if not same_name(person.name, given["name"]):
            employment.declared_name = given["name"]
        self.session.add(employment)
        self._end_alone(known, given["start_month"])
        self._enrol(person.id, given["insurances"], given["start_month"])
        self._declare(given, known, origin="hire")
        return person.id

    def _new_person(self, given: Given) -> Person:
        number = parse_identity_number(given["id_number"])
        sex = Sex(number.sex.value)
        category = given.get("retirement_category") or "female50"
        person = Person(
            id_number=number.number,
            name=given["name"],
            sex=sex,
            born_on=number.birth_date,
            region_code=self.region_code,
            retirement_category=RetirementCategory.MALE
            if sex is Sex.MALE
            else RetirementCategory(category),
            mobile=given.get("mobile"),
            registered_at=self.at,
        )
        self.session.add(person)
        self.session.flush()
        return person

    def _leave(self, given: Given, known: KnownPerson) -> None:
        assert known.employment is not None
        known.employment.ended_on = date.fromisoformat(given["ended_on"])
        known.employment.end_reason = given["end_reason"]
        self._pause(given, known)

    def _change(self, given: Given, known: KnownPerson) -> None:
        assert known.employment is not None
        if given.get("new_name"):
            known.employment.declared_name = given["new_name"]
        if given.get("mobile"):
            known.person.mobile = given["mobile"]
        if given.get("retirement_category") and known.person.sex is Sex.FEMALE:
            known.person.retirement_category = RetirementCategory(given["retirement_category"])
        if given.get("wage_fen"):
            self._declare(given, known, origin="change")

    def _pause(self, given: Given, known: KnownPerson) -> None:
        for enrolment in known.open_here(self.employer_id):
            enrolment.to_month = max(given["stop_month"], enrolment.from_month)

    def _resume(self, given: Given, known: KnownPerson) -> None:
        last = max(one.to_month or "" for one in self._earlier(known))
        insurances = [one.insurance for one in self._earlier(known) if one.to_month == last]
        self._end_alone(known, given["start_month"])
        self._enrol(known.person.id, insurances, given["start_month"])
        self._declare(given, known, origin="resume")

    def _earlier(self, known: KnownPerson) -> list[Enrolment]:
        return [one for one in known.enrolments if one.employer_id == self.employer_id]

    def _declare(self, given: Given, known: KnownPerson, *, origin: str = "base") -> None:
        self.session.add(
            DeclaredBase(
                person_id=known.person.id,
                employer_id=self.employer_id,
                insurance=None,
                from_month=given["start_month"],
                declared_base_fen=given["wage_fen"],
                origin=f"filing_{origin}",
                declared_at=self.at,
            )
        )

    def _end_alone(self, known: KnownPerson, start_month: str) -> None:
        """End what somebody paid alone: nobody takes part twice in one insurance."""
        for enrolment in known.open_alone():
            enrolment.to_month = max(add_months(start_month, -1), enrolment.from_month)
        self.session.flush()

    def _enrol(self, person_id: int, insurances: Sequence[str], start_month: str) -> None:
        self.session.add_all(
            Enrolment(
                person_id=person_id,
                region_code=self.region_code,
                insurance=Insurance(insurance),
                scheme=Scheme.EMPLOYEE,
                employer_id=self.employer_id,
                from_month=start_month,
            )
            for insurance in insurances
        )
