"""Who may act for employers in the demonstration: an owner in each city, an agent for both."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM
from siweb.auth.mandates import add_mandate
from siweb.auth.tables.account import Account
from siweb.auth.tables.mandate import MandateKind
from siweb.demo.plan import REGIONS

# By the number of the made person; their sign-ins are in siweb.demo.sign_ins.
OWNERS = (2, 3)
AGENT = 4


def make_mandates(
    session: Session, employers: list[dict[str, Any]], first_person: int, *, on: date, at: datetime
) -> list[dict[str, Any]]:
    """Give each owner the first employer of a city, the agent both; return the two employers."""
    owned = [
        next(employer for employer in employers if employer["region_code"] == region)
        for region in REGIONS
        if any(employer["region_code"] == region for employer in employers)
    ]
    accounts = {
        person_id - first_person: account_id
        for account_id, person_id in session.execute(
            select(Account.id, Account.person_id).where(
                Account.person_id.in_([first_person + number for number in (*OWNERS, AGENT)])
            )
        )
    }
    for number, employer in zip(OWNERS, owned, strict=False):
        for holder, kind in ((number, MandateKind.OWNER), (AGENT, MandateKind.FILER)):
            if holder in accounts:
                add_mandate(
                    session, accounts[holder], employer["id"], kind, actor=SYSTEM, on=on, at=at
                )
    return owned
