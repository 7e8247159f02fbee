"""Match the rows of a list with who draws a benefit here, and say for each what comes of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.bring_in.read_rows import Row
from siweb.db.among import among
from siweb.registry.find_person import people_by_number
from siweb.registry.person_keys import former_keys
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.registry.tables.person import Person
from siweb.reviews.tables.sign import Sign, SignKind, SignState
from siweb.rules.identifiers.identity_number import parse_identity_number


class Verdict(StrEnum):
    """What comes of a row; only the first three are kept."""

    EXAMINE = "examine"
    COUNTS = "counts"
    NOTED = "noted"
    # The register has nobody with this number: nothing of the row is kept.
    UNKNOWN = "unknown"
    NO_BENEFIT = "no_benefit"
    ENDED = "ended"
    THERE = "there"
    PROBLEM = "problem"


STATES = {
    Verdict.EXAMINE: SignState.OPEN,
    Verdict.COUNTS: SignState.COUNTED,
    Verdict.NOTED: SignState.NOTED,
}
"""What is kept, and in which state."""


@dataclass(frozen=True, slots=True)
class Match:
    """A row, whom it is about, and what comes of it."""

    row: Row
    verdict: Verdict
    person_id: int | None = None
    person_name: str = ""
    name_agrees: bool | None = None
    states: tuple[BenefitState, ...] = ()

    @property
    def kind(self) -> SignKind:
        """Return what the row says."""
        return SignKind(self.row.values["kind"])


def match_rows(
    session: Session,
    rows: Sequence[Row],
    region_code: str,
    *,
    counting: Collection[str],
    on: date,
    seen: set[tuple[int, SignKind, date]],
) -> list[Match]:
    """Return what comes of each row; `seen` is what earlier rows of the list said already.

    `counting` are the kinds of signs that the region takes as proof of a certification.
    """
    refuse_days_out_of_life(rows, on)
    good = [row for row in rows if not row.problems]
    people = people_by_number(session, {row.values["id_number"] for row in good})
    registered = _Registered(session, set(people.values()), region_code)
    found = []
    for row in rows:
        if row.problems:
            found.append(Match(row, Verdict.PROBLEM))
            continue
        row.person_id = people.get(row.values["id_number"])
        found.append(_match(row, registered, counting, seen))
    return found


def refuse_days_out_of_life(rows: Sequence[Row], on: date) -> None:
    """Name what a list says of a day that has not come, or that lies before the person's birth.

    The birth is the one that the number itself says: asked of the register, the answer would tell a
    program who is registered.
    """
    for row in rows:
        seen_on, number = row.get("seen_on"), row.get("id_number")
        if seen_on is None:
            continue
        if seen_on > on or (number and seen_on < parse_identity_number(number).birth_date):
            row.refuse("seen_on", "day_out_of_range")


class _Registered:
    """What the register has of the people of some rows; four statements."""

    def __init__(self, session: Session, people: set[int], region_code: str) -> None:
        former = former_keys(session, people)
        keys = [*people, *former]
        rows = session.execute(select(Person.id, Person.name).where(among(Person.id, people)))
        self.names = {row.id: row.name for row in rows}
        self.states: dict[int, list[BenefitState]] = {}
        for benefit in session.scalars(
            select(Benefit).where(
                among(Benefit.person_id, keys), Benefit.region_code == region_code
            )
        ):
            standing = former.get(benefit.person_id, benefit.person_id)
            self.states.setdefault(standing, []).append(benefit.state)
        signs: Any = session.execute(
            select(Sign.person_id, Sign.kind, Sign.seen_on).where(
                among(Sign.person_id, keys), Sign.region_code == region_code
            )
        )
        self.there = {
            (former.get(sign.person_id, sign.person_id), sign.kind, sign.seen_on) for sign in signs
        }


def _match(
    row: Row,
    registered: _Registered,
    counting: Collection[str],
    seen: set[tuple[int, SignKind, date]],
) -> Match:
    person_id, kind = row.person_id, SignKind(row.values["kind"])
    if person_id is None:
        return Match(row, Verdict.UNKNOWN)
    name, states = registered.names[person_id], tuple(registered.states.get(person_id, ()))
    # Without a name nothing was compared, which is neither yes nor no.
    agrees = None if row.get("name") is None else row.values["name"] == name
    key = (person_id, kind, row.values["seen_on"])
    if not states:
        verdict = Verdict.NO_BENEFIT
    elif all(state is BenefitState.TERMINATED for state in states):
        verdict = Verdict.ENDED
    elif key in registered.there or key in seen:
        verdict = Verdict.THERE
    elif not kind.is_of_life:
        verdict = Verdict.EXAMINE
    else:
        # Who is seen under another name may be somebody else: that proves nothing of a person.
        is_proof = kind.value in counting and agrees is not False
        verdict = Verdict.COUNTS if is_proof else Verdict.NOTED
    if verdict in STATES:
        seen.add(key)
    return Match(row, verdict, person_id, name, agrees, states)
