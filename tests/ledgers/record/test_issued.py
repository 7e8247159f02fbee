"""Records of a levy run show only once the run is issued, all at once."""

from datetime import date

import pytest

from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.year import load_year
from siweb.ledgers.record.years import load_years
from siweb.registry.codes import Insurance
from tests import factories

ON = date(2026, 6, 15)


@pytest.fixture
def run(session, person, employer):
    run = LevyRun(
        region_code=person.region_code,
        contribution_month="2026-03",
        through_month="2026-03",
        kind=LevyKind.REGULAR,
        sequence=1,
        state=LevyState.COMPUTING,
        as_of=ON,
        due_on=ON,
        totals={},
        started_at=factories.AT,
    )
    session.add(run)
    session.flush()
    factories.make_record(session, person, "2026-03", employer=employer, levy_run_id=run.id)
    return run


@pytest.mark.parametrize("state", [LevyState.COMPUTING, LevyState.CANCELLED])
def test_a_record_of_a_run_that_is_not_issued_does_not_show(session, person, run, state, owner):
    run.state = state
    session.commit()
    mark = load_year(session, person.id, 2026, on=ON).mark(Insurance.PENSION, "2026-03")

    assert mark.state is MarkState.NOT_ENROLLED
    assert load_years(session, person.id, on=ON).lines == ()
    assert "10,000.00" not in owner.get("/record/months/2026-03").get_data(as_text=True)


def test_it_shows_when_the_run_is_issued(session, person, run, owner):
    run.state = LevyState.ISSUED
    session.commit()
    mark = load_year(session, person.id, 2026, on=ON).mark(Insurance.PENSION, "2026-03")

    assert mark.state is MarkState.PAID
    assert load_years(session, person.id, on=ON).paid(Insurance.PENSION) == 1
    assert "10,000.00" in owner.get("/record/months/2026-03").get_data(as_text=True)


def test_records_that_came_by_no_run_show_while_a_run_computes(session, person, employer, run):
    factories.make_record(session, person, "2026-02", employer=employer)
    session.commit()

    record = load_year(session, person.id, 2026, on=ON)

    assert record.mark(Insurance.PENSION, "2026-02").state is MarkState.PAID
    assert load_years(session, person.id, on=ON).paid(Insurance.PENSION) == 1
