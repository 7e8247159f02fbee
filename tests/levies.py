"""Levies for tests: a month worked through in small batches, and an adjustment."""

from datetime import date

from siweb.audit.actor import SYSTEM
from siweb.collection.levy.adjustment.start import open_adjustment
from siweb.collection.levy.issue import end_levy
from siweb.collection.levy.run import compute_batches
from siweb.collection.levy.start import open_levy
from siweb.collection.tables.levy_run import LevyKind
from siweb.registry.packs.in_force import packs_in_force
from tests.conftest import NOW

ON = NOW.date()
MONTH = "2026-08"
BEIJING, SHANGHAI = "110000", "310000"
INSURANCES = ("pension", "medical", "unemployment", "work_injury")


def finish(session, run, most=2):
    for _batch in compute_batches(session, run, at=NOW, most=most):
        session.commit()
    end_levy(session, run, packs=packs_in_force(session), actor=SYSTEM, at=NOW)
    session.commit()
    return run


def levy(session, region=BEIJING, month=MONTH, most=2, kind=LevyKind.REGULAR):
    run = open_levy(
        session,
        region,
        month,
        actor=SYSTEM,
        on=ON,
        at=NOW,
        kind=kind,
        may_be_provisional=True,
        packs=packs_in_force(session),
    )
    return finish(session, run, most)


def adjust(session, region=BEIJING, months=("2026-07", MONTH), on=ON, **values):
    given = {"due_on": date(2026, 12, 15), "waived_until": None, "reason": "沪人社〔2026〕1号"}
    run = open_adjustment(
        session,
        region,
        months,
        actor=SYSTEM,
        on=on,
        at=NOW,
        **(given | values),
        packs=packs_in_force(session),
    )
    return finish(session, run)
