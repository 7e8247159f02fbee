"""Set which insurances of a region an agency runs; what it decides and sees follows from it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.registry.codes import Insurance
from siweb.registry.tables.agency import Agency
from siweb.rules.errors import Refusal


class InsurancesRefused(Refusal):
    """When an agency is not given these: "none_chosen"; "as_before" when it has them already."""


def set_insurances(
    session: Session,
    agency: Agency,
    insurances: Iterable[Insurance],
    because: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Give an agency some insurances of its region from now on; all five are every one.

    :raises InsurancesRefused: for none, and for what it runs already.
    """
    chosen = frozenset(insurances)
    if not chosen:
        raise InsurancesRefused("none_chosen")
    kept = None if chosen == frozenset(Insurance) else chosen
    if kept == agency.insurances:
        raise InsurancesRefused("as_before")
    before, agency.insurances = run_by(agency), kept
    session.flush()
    record_activity(
        session,
        "agency.insurances_set",
        actor=actor,
        at=at,
        subject=("agency", agency.id),
        facts={"before": before, "after": run_by(agency), "because": because},
    )


def run_by(agency: Agency) -> list[str]:
    """Return the insurances that an agency runs, in their order."""
    return [each.value for each in Insurance if each in (agency.insurances or Insurance)]
