"""siweb seed: fill an empty database with demonstration data."""

import sys
from collections.abc import Callable
from datetime import date

import click
from sqlalchemy import Engine

from siweb import clock, schema
from siweb.cli.counted import counted
from siweb.cli.sealing import seal_at_the_end
from siweb.cli.settings import command_settings, require_current_schema
from siweb.db.engine import make_engine, make_sessions
from siweb.db.statistics import collect_statistics
from siweb.demo.plan import Plan, day_with_figures
from siweb.demo.seed import is_seeded
from siweb.demo.seed import seed as make_demonstration
from siweb.rules.parameters.load import load_packs
from siweb.settings import Settings

assert schema.metadata.tables


@click.command("seed")
@click.option("--people", default=1_000, show_default=True, help="How many people are made.")
@click.option("--employers", default=40, show_default=True, help="How many employers are made.")
@click.option(
    "--seed", "number", default=2026, show_default=True, help="The same one makes the same data."
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As of which day; today if not said.")
def seed(people: int, employers: int, number: int, on: date | None) -> None:
    """Make people, employers, three years of records, benefits and campaigns."""
    settings = command_settings()
    require_current_schema(settings)
    engine = make_engine(settings.engine_url)
    seal_at_the_end(settings, engine)
    day = on.date() if on is not None else clock.today()  # type: ignore[attr-defined]
    plan = Plan(day_with_figures(load_packs(), day), people, employers, number)
    if not fill(engine, settings, plan, show_progress):
        raise click.ClickException("Somebody is registered here already; nothing was changed.")
    click.echo(
        f"Made {counted(people, 'person')} and {counted(employers, 'employer')} as of {plan.on}."
    )


def fill(
    engine: Engine, settings: Settings, plan: Plan, progress: Callable[[int, int], None]
) -> bool:
    """Fill an empty database; return False when it is not empty."""
    with make_sessions(engine)() as session:
        if is_seeded(session):
            return False
        make_demonstration(session, plan, settings.var_dir, at=clock.now(), progress=progress)
        collect_statistics(session)
        session.commit()
    return True


def show_progress(made: int, people: int) -> None:
    """Say on the error output how many people are made: one line where somebody watches it."""
    end = "\n" if made == people or not sys.stderr.isatty() else "\r"
    click.echo(f"{made:,} of {counted(people, 'person')} made.{end}", nl=False, err=True)
