"""What a task keeps of two registrations that are to be separated, and what is shown of it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.collection.corrections.identity.shown import papers_issued_anew
from siweb.collection.corrections.merging.joined import Holding, holding_of
from siweb.collection.corrections.merging.separate import MonthSince, Separated
from siweb.collection.corrections.shown import Change
from siweb.registry.tables.employer import Employer
from siweb.web.language.formats import count, month, yuan
from siweb.web.language.labels import insurance_name, insurance_names


@dataclass(frozen=True, slots=True)
class Apart:
    """The two keys, what each has afterwards, and what was recorded under the wrong one since."""

    former_id: int
    person_id: int
    former: Holding
    person: Holding
    separated: Separated

    def as_dict(self) -> dict[str, Any]:
        """Return the values as a task keeps them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "Apart":
        """Return what a task keeps."""
        separated = given["separated"]
        return cls(
            given["former_id"],
            given["person_id"],
            _holding(given["former"]),
            _holding(given["person"]),
            Separated(
                tuple(MonthSince(**each) for each in separated["since"]),
                tuple(separated["papers"]),
            ),
        )

    def is_as_shown(self, other: "Apart") -> bool:
        """Return whether the books say the same of it as when it was shown."""
        # Not the balances: interest and payments that
        # came meanwhile change nothing of what is decided.
        return (self.separated, self.former.open_insurances, self.person.open_insurances) == (
            other.separated,
            other.former.open_insurances,
            other.person.open_insurances,
        )


def apart_of(session: Session, former_id: int, person_id: int, separated: Separated) -> Apart:
    """Return what two registrations have that were just separated."""
    former, person = holding_of(session, former_id), holding_of(session, person_id)
    return Apart(former_id, person_id, former, person, separated)


def lines_of_apart(session: Session, apart: Apart) -> Iterator[Change]:
    """Yield every line of what separating changes: first the one that goes, then the one left."""
    former, person = apart.former, apart.person
    balances = f"{yuan(former.balance_fen)} + {yuan(person.balance_fen)}"
    together = yuan(former.balance_fen + person.balance_fen)
    yield Change(_("Balance of the individual account"), together, balances)
    months = f"{count(former.months)} + {count(person.months)}"
    yield Change(_("Months recorded"), _("all of them the person’s"), months)
    if former.open_insurances:
        names = insurance_names(former.open_insurances)
        so = _("goes on under the registration that is separated, with the same payer and base")
        yield Change(_("Insured now"), names, so)
    yield Change(
        _("Signing in"),
        _("one account for both numbers"),
        _("each number opens its own account; who has no password gets an activation code"),
    )
    yield from _since(session, apart.separated.since)
    yield from papers_issued_anew(list(apart.separated.papers))


def _since(session: Session, since: tuple[MonthSince, ...]) -> Iterator[Change]:
    payers = {each.payer for each in since if each.payer is not None}
    rows = session.execute(select(Employer.id, Employer.name).where(Employer.id.in_(payers)))
    names: dict[int | None, str] = {None: _("the person"), **{row.id: row.name for row in rows}}
    for each in since:
        yield Change(
            f"{month(each.month)} · {insurance_name(each.insurance)}",
            f"{names[each.payer]} {yuan(each.fen)}",
            _("was billed after the joining and stays where it is: correct both records"),
        )


def _holding(given: Mapping[str, Any]) -> Holding:
    return Holding(**{**given, "open_insurances": tuple(given["open_insurances"])})
