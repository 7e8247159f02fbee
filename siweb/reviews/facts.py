"""What the office has on record of a case, read only when a page asks for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.ledgers.account.year import AccountYear, load_account
from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.year import YearRecord, load_year
from siweb.ledgers.record.year_sheet import InsuranceSheet, load_lines
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.person_keys import is_of
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.benefit import Benefit, BenefitState, LifeSign
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.reviews.benefits.state import BenefitStanding, standing
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.review import Review
from siweb.reviews.tables.sign import Sign, SignState
from siweb.rules.calendar.months import months_through
from siweb.rules.parameters.load import is_shipped
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterSet


class MarksLine(NamedTuple):
    """One insurance: months paid in the year, the last base in fen, number and state of months."""

    insurance: Insurance
    months_paid: int
    last_base_fen: int
    shown: tuple[tuple[int, MarkState], ...]


@dataclass(slots=False)
class ReviewFacts:
    """Facts of one case as of `on`; each group is one or two statements, made once."""

    session: Session
    review: Review
    campaign: Campaign
    on: date
    # The parameter packs that the office works by: the entry point reads them once, or leaves it to
    # the page that needs them, which few steps of the wizard do.
    given_packs: PackSet | Callable[[], PackSet]
    # True when a relative answers on their own sign-in.
    by_relative: bool = False

    @cached_property
    def packs(self) -> PackSet:
        """The parameter packs that the office works by."""
        return self.given_packs() if callable(self.given_packs) else self.given_packs

    @cached_property
    def person(self) -> Person:
        """The person whose case it is."""
        return self.session.get_one(Person, self.review.person_id)

    @cached_property
    def months(self) -> tuple[str, ...]:
        """The contribution months of the campaign."""
        return tuple(months_through(self.campaign.period_from_month, self.campaign.period_to_month))

    @cached_property
    def year(self) -> YearRecord:
        """The months in five insurances; two statements."""
        return load_year(self.session, self.review.person_id, self.campaign.year, on=self.on)

    @cached_property
    def _lines(self) -> tuple[InsuranceSheet, ...]:
        connection, year = self.session.connection(), self.campaign.year
        return load_lines(connection, self.review.person_id, year, on=self.on)

    @cached_property
    def marks(self) -> list[MarksLine]:
        """How the campaign's months look in each insurance, without amounts; one statement or two.

        What `year` would say too, at a third of the price: every answer draws these.
        """
        numbers = [int(month[5:]) for month in self.months if month[:4] == str(self.campaign.year)]
        return [
            MarksLine(
                line.insurance,
                line.months_paid,
                line.last_base_fen,
                tuple([(number, line.states[number - 1]) for number in numbers]),
            )
            for line in self._lines
        ]

    @cached_property
    def account(self) -> AccountYear:
        """The individual account; two statements."""
        return load_account(self.session, self.review.person_id, self.campaign.year)

    @cached_property
    def employments(self) -> list[tuple[Employment, str]]:
        """The person's employments with the employers' names, newest first."""
        rows = self.session.execute(
            select(Employment, Employer.name)
            .join(Employer, Employer.id == Employment.employer_id)
            .where(is_of(Employment.person_id, self.review.person_id))
            .order_by(Employment.hired_on.desc())
        )
        return [(employment, name) for employment, name in rows]

    @cached_property
    def declared(self) -> list[DeclaredBase]:
        """What was declared for the person, oldest first."""
        return list(
            self.session.scalars(
                select(DeclaredBase)
                .where(
                    is_of(DeclaredBase.person_id, self.review.person_id),
                    DeclaredBase.withdrawn_at.is_(None),
                )
                .order_by(DeclaredBase.from_month, DeclaredBase.base_number)
            )
        )

    @cached_property
    def missing_months(self) -> list[tuple[Insurance, str]]:
        """The months of the campaign with an enrolment but no record."""
        return [
            (line.insurance, f"{self.campaign.year:04}-{number:02}")
            for line in self.marks
            for number, state in line.shown
            if state is MarkState.MISSING
        ]

    @cached_property
    def flexible_insurances(self) -> tuple[str, ...]:
        """The insurances that the person takes part in alone, in their order."""
        found = set(
            self.session.scalars(
                select(Enrolment.insurance).where(
                    is_of(Enrolment.person_id, self.review.person_id),
                    Enrolment.region_code == self.campaign.region_code,
                    Enrolment.scheme == "flexible",
                    # Whoever stopped paying alone has no premium there to choose a base for.
                    Enrolment.to_month.is_(None),
                )
            )
        )
        return tuple(insurance.value for insurance in Insurance if insurance in found)

    @cached_property
    def earlier(self) -> Review | None:
        """The person's case of the round before, None in the first: what a new one starts from."""
        # Most cases are the first: one statement less.
        if self.review.round == 1:
            return None
        return self.session.scalar(
            select(Review).where(
                Review.campaign_id == self.review.campaign_id,
                is_of(Review.person_id, self.review.person_id),
                Review.round == self.review.round - 1,
            )
        )

    @cached_property
    def medical_scheme(self) -> Scheme | None:
        """As what the person has medical insurance here now, None where they have none."""
        return self.session.scalar(
            select(Enrolment.scheme).where(
                is_of(Enrolment.person_id, self.review.person_id),
                Enrolment.region_code == self.campaign.region_code,
                Enrolment.insurance == Insurance.MEDICAL,
                Enrolment.to_month.is_(None),
            )
        )

    @property
    def earlier_answers(self) -> dict[str, Any]:
        """What was answered the round before, by step."""
        return (self.earlier.answers if self.earlier else None) or {}

    @property
    def earlier_base_fen(self) -> int | None:
        """The base that was chosen the round before, in fen."""
        base_fen = self.earlier_answers.get("base", {}).get("base_fen")
        return base_fen if isinstance(base_fen, int) else None

    @property
    def marks_given(self) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
        """The months and the states in each insurance: by these all grids alike are drawn once."""
        lines = [
            (line.insurance.value, tuple([state for _number, state in line.shown]))
            for line in self.marks
        ]
        year = f"{self.campaign.year:04}-"
        return tuple([month for month in self.months if month.startswith(year)]), tuple(lines)

    @cached_property
    def parameters(self) -> ParameterSet:
        """What holds in the region for the first month that the base is chosen for."""
        return self.packs.parameters(self.campaign.region_code, self.campaign.period_from_month)

    @property
    def is_demonstration(self) -> bool:
        """Whether the region's figures are the shipped ones, which hold for no office."""
        return is_shipped(self.packs, self.campaign.region_code)

    @cached_property
    def benefit(self) -> Benefit:
        """The benefit whose recipient is certified: of several the one certified longest ago."""
        return self.session.scalars(
            select(Benefit)
            .where(
                is_of(Benefit.person_id, self.review.person_id),
                Benefit.region_code == self.campaign.region_code,
            )
            # One that has ended only tells what the case was about.
            .order_by(Benefit.state == BenefitState.TERMINATED, Benefit.certified_on)
        ).first() or _no_benefit(self.review)

    @cached_property
    def standing(self) -> BenefitStanding:
        """Where the benefit stands today."""
        month = f"{self.on:%Y-%m}"
        terms = self.packs.parameters(self.campaign.region_code, month).certification_terms()
        return standing(self.benefit, terms, self.campaign.window_days, self.on)

    @cached_property
    def life_sign(self) -> LifeSign | None:
        """The newest sign of life from other bodies' data, if it is fresh enough to count."""
        return self.session.scalar(
            select(LifeSign)
            .where(
                is_of(LifeSign.person_id, self.review.person_id),
                LifeSign.withdrawn_at.is_(None),
                LifeSign.seen_on >= self.on - timedelta(days=self.campaign.match_days),
                # A day to come is a slip of the list that brought it, and proves nothing.
                LifeSign.seen_on <= self.on,
            )
            .order_by(LifeSign.seen_on.desc())
            .limit(1)
        )

    @cached_property
    def is_examined(self) -> bool:
        """Whether another office's list says something that somebody here has to look at first."""
        return (
            self.session.scalar(
                select(Sign.id)
                .where(
                    is_of(Sign.person_id, self.review.person_id),
                    Sign.region_code == self.campaign.region_code,
                    Sign.state == SignState.OPEN,
                )
                .limit(1)
            )
            is not None
        )

    @cached_property
    def agencies(self) -> list[Agency]:
        """The agencies of the region."""
        return list(
            self.session.scalars(
                select(Agency)
                .where(Agency.region_code == self.campaign.region_code)
                .order_by(Agency.kind)
            )
        )


def _no_benefit(review: Review) -> Benefit:
    raise LookupError(f"review {review.id} certifies a benefit that is not there")
