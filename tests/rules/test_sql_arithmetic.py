"""The shared formulas give the same fen in Python, SQLite, PostgreSQL and in Decimal.

Amounts go up to a billion yuan, rates to the whole base, delays to 27 years: more than a levy meets.
"""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Integer, literal, select, union_all

from siweb.db.arithmetic import SQL, whole
from siweb.rules.contributions.assessment import AssessmentTerms, assess_amount
from siweb.rules.contributions.late_fee import LateFeeTerms, compute_late_fee, late_fee_amount
from siweb.rules.contributions.premium import (
    PremiumTerms,
    base_used,
    compute_premium,
    premium_share,
)
from siweb.rules.numbers.arithmetic import Rounding, clamp, share_of
from tests.rules import decimal_model

fens = st.integers(min_value=0, max_value=10**11)
rates = st.integers(min_value=0, max_value=1_000_000)
rows = st.lists(st.tuples(fens, fens, fens, rates, st.integers(0, 10_000)), min_size=1, max_size=40)
on_one_connection = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def table_of(found):
    """The rows as a derived table, since SQLite cannot name the columns of VALUES."""
    selects = [
        select(
            literal(declared, BigInteger).label("declared"),
            literal(floor, BigInteger).label("floor"),
            literal(span, BigInteger).label("span"),
            literal(rate, Integer).label("rate"),
            literal(days, Integer).label("days"),
        )
        for declared, floor, span, rate, days in found
    ]
    return union_all(*selects).subquery("people")


@pytest.mark.parametrize("rounding", list(Rounding))
@on_one_connection
@given(found=rows)
def test_a_premium_is_the_same_in_the_database(connection, rounding, found):
    people = table_of(found)
    base = base_used(whole(people.c.declared), people.c.floor, people.c.floor + people.c.span, SQL)
    share = premium_share(base, people.c.rate, rounding, 300)

    answers = sorted(map(tuple, connection.execute(select(base, share))))

    premiums = (
        compute_premium(
            PremiumTerms("pension", floor, floor + span, rate, 0, 300, 0, rounding), declared
        )
        for declared, floor, span, rate, _ in found
    )
    assert answers == sorted((premium.base, premium.employer) for premium in premiums)
    bases = [
        (decimal_model.base(declared, floor, floor + span), rate)
        for declared, floor, span, rate, _ in found
    ]
    assert answers == sorted(
        (int(yuan * 100), decimal_model.share(yuan, rate, rounding, 300)) for yuan, rate in bases
    )


@pytest.mark.parametrize("capped", [False, True])
@pytest.mark.parametrize("rounding", list(Rounding))
@on_one_connection
@given(found=rows)
def test_a_late_fee_is_the_same_in_the_database(connection, capped, rounding, found):
    terms = LateFeeTerms(500, capped, rounding=rounding)
    people = table_of(found)
    fee = late_fee_amount(whole(people.c.declared), people.c.days, terms, SQL)

    answers = sorted(connection.scalars(select(fee)))

    due = date(2000, 1, 1)
    assert answers == sorted(
        compute_late_fee(declared, due, date.fromordinal(due.toordinal() + days), terms).amount
        for declared, _, _, _, days in found
    )
    assert answers == sorted(
        decimal_model.late_fee(declared, 500, days, rounding, capped)
        for declared, _, _, _, days in found
    )


@pytest.mark.parametrize("rounding", list(Rounding))
@on_one_connection
@given(found=rows)
def test_an_assessment_is_the_same_in_the_database(connection, rounding, found):
    terms = AssessmentTerms(1_100_000, rounding=rounding)
    people = table_of(found)

    answers = sorted(
        connection.scalars(select(share_of(whole(people.c.declared), terms.rate, rounding)))
    )

    assert answers == sorted(assess_amount(declared, terms) for declared, *_ in found)
    assert answers == sorted(
        decimal_model.share(decimal_model.yuan(declared), 1_100_000, rounding)
        for declared, *_ in found
    )


@pytest.mark.parametrize(("amount", "within"), [(0, 5), (4, 5), (5, 5), (6, 6), (9, 9), (10, 9)])
def test_limits_hold_in_the_database(connection, amount, within):
    found = connection.scalar(select(clamp(literal(amount, BigInteger), 5, 9, SQL)))

    assert found == within == clamp(amount, 5, 9)
