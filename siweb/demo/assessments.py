"""Cases for the desk and the employers of the demonstration: one to answer, one to decide."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.auth.tables.account import Account
from siweb.collection.assessments.hear import hear
from siweb.collection.assessments.propose import Basis, propose_for_report
from siweb.collection.assessments.reports.report_hire import HireClaim, report_own_hire
from siweb.collection.tables.assessment import BaseRule
from siweb.demo.open_hires import HIRED_BEFORE
from siweb.demo.plan import Plan
from siweb.registry.tables.employment import Employment
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.pack_set import PackSet

# The number of the made person who proposes: see siweb.demo.sign_ins.
STAFF = 5
WAGE_FEN = 860_000
# How long ago each employer's case was proposed: the first may still answer, the second has.
PROPOSED_BEFORE = (0, 12)
SAYS = ("", "该员工试用期间由原单位参保，请核实。")


def make_assessments(
    session: Session,
    plan: Plan,
    packs: PackSet,
    employers: list[dict[str, Any]],
    first_person: int,
    at: datetime,
) -> None:
    """Open a case on the late hire of each employer, and leave one report for the desk."""
    person_id = first_person + STAFF
    account_id = session.scalar(select(Account.id).where(Account.person_id == person_id))
    if account_id is None:
        return
    staff = Actor(account_id, person_id)
    for employer, days, says in zip(employers, PROPOSED_BEFORE, SAYS, strict=False):
        late = _late_hire(session, plan, employer["id"])
        on, then = plan.on - timedelta(days=days), at - timedelta(days=days)
        me = Actor(None, late.person_id)
        claim = HireClaim(
            employer["uscc"], late.hired_on, None, WAGE_FEN, "有劳动合同和银行工资流水。"
        )
        report = report_own_hire(session, late.person_id, claim, actor=me, at=then)
        first = month_of(late.hired_on)
        basis = Basis(
            first,
            max(first, plan.last_month),
            BaseRule.WAGE,
            WAGE_FEN,
            words="劳动合同和银行流水显示已上班并领取工资，登记簿中没有参保登记。",
        )
        case = propose_for_report(
            session,
            report,
            basis,
            packs=packs,
            actor=staff,
            on=on,
            at=then,
        )
        if says:
            hear(session, case, says, actor=me, on=on + timedelta(days=1), at=then)
    someone = first_person
    claim = HireClaim("城东小饭馆", plan.on - timedelta(days=120), words="只给现金，没有办社保。")
    report_own_hire(session, someone, claim, actor=Actor(None, someone), at=at)


def _late_hire(session: Session, plan: Plan, employer_id: int) -> Employment:
    return session.scalars(
        select(Employment).where(
            Employment.employer_id == employer_id,
            Employment.hired_on == plan.on - timedelta(days=max(HIRED_BEFORE)),
            Employment.ended_on.is_(None),
        )
    ).one()
