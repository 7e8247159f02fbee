"""What a pension comes to by the pack: for the estimate and for the decision, by one function."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from siweb.ledgers.account.close import account_balance
from siweb.ledgers.account.transfer import PaidMonth, paid_months, segments_of
from siweb.ledgers.tables.transfer_segment import Direction, TransferSegment
from siweb.pensions.place import place_of, stays_of
from siweb.registry.tables.person import Person
from siweb.rules.benefits.contribution_index import contribution_index
from siweb.rules.benefits.paying_place import Stay
from siweb.rules.benefits.pension import PensionFacts, Ratio, estimate_pension
from siweb.rules.benefits.retirement import minimum_months
from siweb.rules.calendar.months import month_of, months_between
from siweb.rules.errors import RuleError
from siweb.rules.parameters.pack_set import PackSet, RegionUnknown
from siweb.rules.parameters.parameter_set import ParameterMissing, ParameterSet

_YEAR = 12


@dataclass(frozen=True, slots=True)
class Counted:
    """What the books have of somebody: months of pension by their origin, and the account."""

    here: Sequence[PaidMonth]
    elsewhere: int
    deemed: int
    balance_fen: int
    # Where each of these months was contributed.
    stays: tuple[Stay, ...] = ()

    @property
    def months(self) -> int:
        """Return all months that count."""
        return len(self.here) + self.elsewhere + self.deemed


@dataclass(frozen=True, slots=True)
class ByHand:
    """What no book of this office has: it stands in the person's file, and a paper names it."""

    index_ppm: int | None = None
    transitional_fen: int = 0
    # Of the months alone that have no base or no wage on record: early ones, other regions'.
    early_index_ppm: int | None = None
    # The two digits of the province where the household is registered, as the applicant says it.
    household: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """A pension from a month on, worked out on a day; amounts in fen, age in months, index in ppm.

    `index_months` are those whose average wage is known. Without an index, a wage or a row of the
    months table there is no amount.
    """

    from_month: str
    months_here: int
    months_elsewhere: int
    deemed_months: int
    minimum_months: int
    balance_fen: int
    index_ppm: int | None
    index_months: int
    average_wage_fen: int | None
    age: int
    is_index_by_hand: bool = False
    early_index_ppm: int | None = None
    transitional_fen: int = 0
    place: dict[str, Any] | None = None
    payout_months: str | None = None
    basic_fen: int | None = None
    account_fen: int | None = None
    total_fen: int | None = None

    @property
    def months(self) -> int:
        """Return all months that count."""
        return self.months_here + self.months_elsewhere + self.deemed_months

    @property
    def months_short(self) -> int:
        """Return how many months are missing to the least."""
        return max(0, self.minimum_months - self.months)

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)


def count_of(session: Session, person: Person) -> Counted:
    """Return what the books have of somebody; three statements."""
    here = paid_months(session, person.id)
    counting = _counting(segments_of(session, person.id))
    return Counted(
        here,
        sum(segment.months for segment in counting),
        person.deemed_months,
        account_balance(session, person.id),
        stays_of(person.region_code, here, counting, person.deemed_months),
    )


def find_stays(session: Session, person: Person) -> tuple[Stay, ...]:
    """Return where the months that count were contributed; two statements."""
    here = paid_months(session, person.id)
    counting = _counting(segments_of(session, person.id))
    return stays_of(person.region_code, here, counting, person.deemed_months)


def work_out(
    person: Person,
    counted: Counted,
    from_month: str,
    *,
    packs: PackSet,
    on: date,
    by_hand: ByHand | None = None,
) -> Figures:
    """Return the pension of somebody from a month on, by what is recorded and published on a day.

    :raises ParameterMissing: where not even the least months are known.
    """
    by_hand = by_hand or ByHand()
    pack = packs.parameters(person.region_code, from_month, as_of=on)
    wage = pack.optional_row("pension_wage")
    shares = shares_of(counted.here, packs, on)
    index = index_of(shares, counted.months, by_hand.early_index_ppm)
    figures = Figures(
        from_month=from_month,
        months_here=len(counted.here),
        months_elsewhere=counted.elsewhere,
        deemed_months=counted.deemed,
        minimum_months=minimum_months(int(from_month[:4]), pack.minimum_months()),
        balance_fen=counted.balance_fen,
        index_ppm=index if by_hand.index_ppm is None else by_hand.index_ppm,
        is_index_by_hand=by_hand.index_ppm is not None,
        index_months=len(shares),
        early_index_ppm=by_hand.early_index_ppm,
        average_wage_fen=None if wage is None else wage.values["average_wage"],
        age=months_between(month_of(person.born_on), from_month),
        transitional_fen=by_hand.transitional_fen,
        place=place_of(
            person.region_code, counted.stays, by_hand.household, pack.paying_place_months()
        ),
    )
    return _with_amount(figures, pack)


def _with_amount(figures: Figures, pack: ParameterSet) -> Figures:
    """Return figures with their amounts; without, where something is unknown."""
    if figures.index_ppm is None or figures.average_wage_fen is None:
        return figures
    facts = PensionFacts(
        figures.average_wage_fen,
        figures.index_ppm,
        Ratio(figures.months, _YEAR),
        # An account below zero is for people to look at: no pension is lowered by it.
        max(0, figures.balance_fen),
        figures.age,
        figures.transitional_fen,
    )
    try:
        found = estimate_pension(facts, pack.pension_terms())
    except RuleError:
        # No row of the months table has this age.
        return figures
    return replace(
        figures,
        payout_months=str(found.payout_months),
        basic_fen=found.basic,
        account_fen=found.account,
        total_fen=found.total,
    )


def shares_of(here: Iterable[PaidMonth], packs: PackSet, on: date) -> list[tuple[int, int]]:
    """Return base and average wage of the months whose average wage is published."""

    @cache
    def average_wage(region_code: str, month: str) -> int | None:
        try:
            return packs.parameters(region_code, month, as_of=on).average_wage()
        except (ParameterMissing, RegionUnknown):
            return None

    return [
        (paid.base_fen, wage)
        for paid in here
        if (wage := average_wage(paid.region_code, paid.month)) is not None
    ]


def index_of(shares: Sequence[tuple[int, int]], months: int, early: int | None) -> int | None:
    """Return the index of all `months`; `early` is that of those that have no share on record.

    Without it only the months with a share count for it.
    """
    lacking = 0 if early is None else months - len(shares)
    if not shares and not lacking:
        return None
    return contribution_index(shares, further=(lacking, early or 0))


def _counting(segments: Sequence[TransferSegment]) -> list[TransferSegment]:
    """Return the segments of other regions that count here: those that did not move on since."""
    # Whatever had come before somebody moved on went along.
    sent = [segment.id for segment in segments if segment.direction is Direction.OUT]
    last = max(sent, default=0)
    return [
        segment for segment in segments if segment.direction is Direction.IN and segment.id > last
    ]
