"""What it would come to, had a levied row never been sent: what a correction bills or credits."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import and_, func, not_, select
from sqlalchemy.orm import Session

from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.register_before import EnrolmentBefore
from siweb.filings.withdrawal.find import RowsToWithdraw, RowToWithdraw
from siweb.filings.withdrawal.obstacles import BEGINS, ENDS, Obstacle
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.registry.employers.injury_rate import Risks, risks_by_key
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.rules.calendar.months import add_months, months_through
from siweb.rules.contributions.premium import PremiumTerms, compute_premium
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterMissing

_NOTHING = (0, 0)
Amounts = Mapping[tuple[str, Insurance], tuple[int, int]]
"""Of the employer and of the person in fen, by month and insurance."""


class DeclaredFrom(NamedTuple):
    """A base from a month on, of one insurance or of all."""

    from_month: str
    fen: int
    insurance: Insurance | None


Bases = Sequence[DeclaredFrom]
"""The newest comes last."""


class Difference(NamedTuple):
    """What a correction of levied months comes to, in fen: billed above nothing, else credited.

    Each amount is rounded by itself, also where the employer's total is what is rounded.
    """

    first_month: str
    last_month: str
    employer_fen: int
    employee_fen: int


def differences(
    session: Session,
    filing: Filing,
    shown: RowsToWithdraw,
    *,
    region_code: str,
    packs: Callable[[Session], PackSet],
) -> dict[int, Difference]:
    """Return by position what the levied ones among rows would come to without them.

    `packs` are asked for only where something is due without the row: what a hire began is not.
    """
    through = shown.levied_through
    levied = [row for row in shown.rows if row.obstacle is Obstacle.LEVIED and row.person_id]
    # Without a levy there is nothing to compare: no packs are read for it.
    if through is None or not levied:
        return {}
    firsts = {row.position: _first_month(filing.kind, row) for row in levied}
    months = (min(firsts.values()), through)
    people = [row.person_id for row in levied if row.person_id is not None]
    billed = _billed(session, region_code, filing.employer_id, people, months)
    ended = _ended(session, filing)
    costs = bases = None
    if filing.kind not in BEGINS:
        bases = _bases_without(session, filing, people)
        costs = _Costs(packs(session), region_code, risks_by_key(session, filing.employer_id))
    found = {}
    for row in levied:
        first, person_id = firsts[row.position], row.person_id or 0
        was, own_bases = billed.get(person_id, {}), (bases or {}).get(person_id, [])
        months_of = list(months_through(first, through))
        # A leave ended the billing:
        # what would have been due has no record and is found by what ended.
        insured = [key for key in was if key[0] >= first]
        if filing.kind in ENDS:
            insured = [(month, each) for month in months_of for each in ended[row.position]]
        sums = [0, 0]
        for month, insurance in insured:
            due = _NOTHING
            if costs is not None:
                due = costs.of(month, insurance, _base_of(own_bases, month, insurance))
            before = was.get((month, insurance), _NOTHING)
            sums = [total + now - then for total, now, then in zip(sums, due, before, strict=True)]
        found[row.position] = Difference(first, through, *sums)
    return found


def _first_month(kind: FilingKind, row: RowToWithdraw) -> str:
    if kind in ENDS:
        return add_months(str(row.values["stop_month"]), 1)
    return str(row.values["start_month"])


def _billed(
    session: Session,
    region_code: str,
    employer_id: int,
    people: Sequence[int],
    months: tuple[str, str],
) -> Mapping[int, Amounts]:
    record = ContributionRecord
    rows = session.execute(
        select(
            record.person_id,
            record.contribution_month,
            record.insurance,
            func.sum(record.employer_fen),
            func.sum(record.employee_fen),
        )
        .where(
            record.region_code == region_code,
            record.contribution_month.in_(list(months_through(*months))),
            record.person_id.in_(people),
            record.employer_id == employer_id,
            # What a run has only computed is no bill of anybody.
            is_issued(),
        )
        .group_by(record.person_id, record.contribution_month, record.insurance)
    )
    found: dict[int, dict[tuple[str, Insurance], tuple[int, int]]] = defaultdict(dict)
    for person_id, month, insurance, employer_fen, employee_fen in rows:
        found[person_id][month, insurance] = (int(employer_fen), int(employee_fen))
    return found


def _bases_without(session: Session, filing: Filing, people: Sequence[int]) -> Mapping[int, Bases]:
    """Return the bases of people at the employer, but those of the filing."""
    base = DeclaredBase
    rows = session.execute(
        select(base.person_id, base.from_month, base.declared_base_fen, base.insurance)
        .where(
            base.person_id.in_(people),
            base.employer_id == filing.employer_id,
            base.withdrawn_at.is_(None),
            # As withdrawing knows them: a long list is applied for a while, in which others may
            # declare something for its people as well.
            not_(
                and_(
                    base.origin == f"filing_{filing.kind.value}",
                    base.declared_at.between(*filing.applied_between),
                )
            ),
        )
        .order_by(base.from_month, base.base_number)
    )
    found: dict[int, list[DeclaredFrom]] = defaultdict(list)
    for person_id, month, fen, insurance in rows:
        found[person_id].append(DeclaredFrom(month, fen, insurance))
    return found


def _base_of(bases: Bases, month: str, insurance: Insurance) -> int | None:
    """Return the base of an insurance as a levy finds it: its own or that of all, the newest."""
    return next(
        (
            base.fen
            for base in reversed(bases)
            if base.from_month <= month and base.insurance in {None, insurance}
        ),
        None,
    )


def _ended(session: Session, filing: Filing) -> Mapping[int, list[Insurance]]:
    found: dict[int, list[Insurance]] = defaultdict(list)
    if filing.kind in ENDS:
        for position, insurance in session.execute(
            select(EnrolmentBefore.position, EnrolmentBefore.insurance).where(
                EnrolmentBefore.filing_id == filing.id
            )
        ):
            found[position].append(insurance)
    return found


class _Costs:
    """What an insurance costs an employer's people, by month."""

    def __init__(self, packs: PackSet, region_code: str, risks: Risks) -> None:
        self._packs, self._region_code, self._risks = packs, region_code, risks
        self._terms: dict[tuple[str, Insurance], PremiumTerms | None] = {}

    def of(self, month: str, insurance: Insurance, base_fen: int | None) -> tuple[int, int]:
        """Return both shares on a base in a month; nothing where no base or figure is known."""
        key = (month, insurance)
        if key not in self._terms:
            self._terms[key] = self._find(*key)
        terms = self._terms[key]
        if terms is None or base_fen is None:
            return _NOTHING
        premium = compute_premium(terms, base_fen)
        return premium.employer, premium.employee

    def _find(self, month: str, insurance: Insurance) -> PremiumTerms | None:
        risk = self._risks.in_month(month)
        try:
            return self._packs.parameters(self._region_code, month).premium_terms(
                insurance,
                injury_class=risk.injury_class,
                injury_tier=risk.injury_tier_ppm,
            )
        except ParameterMissing:
            return None
