"""Run by the version before: make an office that levied, was paid and adjusted for a year.

It imports that version's own code, whichever the path says, and nothing of the present one.
"""

import sys
from datetime import timedelta

import click
from sqlalchemy import select

from siweb import clock
from siweb.cli import main
from siweb.cli.settings import command_sessions
from siweb.demo import plan
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.rules.calendar.months import add_months
from siweb.rules.parameters.load import load_packs

# Late enough that every month of the year is over, and some months of before are only recorded.
plan.LEVIED_MONTHS, plan.HISTORY_MONTHS = 12, 14
_RAISED = 97  # every such employee's base was declared too low, and late


def run(*arguments: object) -> None:
    try:
        main([str(one) for one in arguments], standalone_mode=True)
    except SystemExit as ended:
        if ended.code:
            raise


def raise_bases(month: str) -> int:
    """Declare higher bases for a month that was billed; return how many."""
    with command_sessions()() as session:
        newest = session.scalars(
            select(DeclaredBase)
            .where(DeclaredBase.person_id % _RAISED == 0, DeclaredBase.employer_id.is_not(None))
            .order_by(DeclaredBase.person_id, DeclaredBase.from_month.desc())
        ).all()
        late = {base.person_id: base for base in reversed(newest)}
        session.add_all(
            DeclaredBase(
                person_id=base.person_id,
                employer_id=base.employer_id,
                from_month=month,
                declared_base_fen=base.declared_base_fen + 50_000,
                origin="late",
                declared_at=clock.now(),
            )
            for base in late.values()
        )
        session.commit()
        return len(late)


def make(people: int) -> None:
    run("migrate")
    run("seed", "--people", people, "--employers", max(4, people // 50))
    made = plan.Plan(plan.day_with_figures(load_packs(), clock.today()), people)
    run("close-day")
    month = add_months(made.last_month, -2)
    click.echo(f"{raise_bases(month)} bases were declared late.")
    for region in plan.REGIONS:
        due = (made.on + timedelta(days=30)).isoformat()
        run(
            "adjust", "--region", region, "--from", month, "--through", made.last_month,
            "--due", due, "--reason", "declared late",
        )  # fmt: skip
    run("close-day")
    run("check")


if __name__ == "__main__":
    make(int(sys.argv[1]))
