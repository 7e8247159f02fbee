"""siweb adjust."""

from datetime import date, datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from siweb import clock, schema
from siweb.audit.actor import COMMAND, Actor
from siweb.auth.tables.appointment import Function
from siweb.cli.collection.levy import read_month, show_run, work_through
from siweb.cli.office.operator import because_of, maker_of, with_operator
from siweb.cli.settings import command_sessions
from siweb.collection.levy.adjustment.start import open_adjustment
from siweb.collection.levy.refusal import LevyRefused
from siweb.desk.checking.sentences import why
from siweb.desk.levy.actions import ADJUST, adjustment_values, propose_adjustment
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.region import Region
from siweb.rules.errors import Refusal
from siweb.rules.parameters.parameter_set import ParameterMissing
from siweb.tasks.two_person_action import Doing
from siweb.web.language.locale import office_language

assert schema.metadata.tables
REFUSALS = {
    "not_begun": "The last month has not begun yet.",
    "month_order": "The last month is before the first.",
    "too_long": "An adjustment goes over 36 months at most.",
    "due_before": "The due day lies in the past.",
    "not_billed": "One of these months was never levied nor recorded: run siweb levy for it.",
    "overlaps": "An earlier adjustment covers other months: choose months that take in all of it.",
}


@click.command()
@click.option("--region", required=True, help="The region's code.")
@click.option("--from", "first", required=True, help="The first contribution month, YYYY-MM.")
@click.option("--through", "last", required=True, help="The last contribution month, YYYY-MM.")
@click.option("--due", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day to pay.")
@click.option(
    "--waived-until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="No late fees up to this day, where the notice says so.",
)
@click.option("--reason", required=True, help="The notice, as payers read it on the bill.")
@with_operator
def adjust(
    region: str,
    first: str,
    last: str,
    due: datetime,
    waived_until: datetime | None,
    reason: str,
    operator: str,
) -> None:
    """Bill or credit exactly what changed since months were billed.

    For limits, rates or bases that were published or declared late. It waits for a second person
    (siweb tasks), and the worker bills what changed after that.
    """
    click.get_current_context().with_resource(office_language("en"))
    with command_sessions()() as session:
        if session.get(Region, region) is None:
            raise click.BadParameter(f"{region} is not a region of this office.")
        months = (read_month(first), read_month(last))
        maker = maker_of(session, operator, Function.CONTRIBUTIONS, region_code=region)
        if maker is not None:
            values = adjustment_values(region, months, due.date(), _day(waived_until))
            _propose(session, values, reason, maker)
            return
        try:
            run = open_adjustment(
                session,
                region,
                months,
                packs=packs_in_force(session),
                due_on=due.date(),
                waived_until=_day(waived_until),
                reason=reason,
                actor=COMMAND,
                on=clock.today(),
                at=clock.now(),
            )
        except LevyRefused as refused:
            raise click.BadParameter(REFUSALS[refused.code]) from None
        except ParameterMissing as missing:
            raise click.ClickException(str(missing)) from missing
        work_through(session, run)
        show_run(session, run)


def _propose(session: Session, values: dict[str, Any], reason: str, maker: Actor) -> None:
    rests_on = because_of(reason, "Name the notice in --reason")
    doing = Doing(maker, clock.now(), packs_in_force(session))
    try:
        task = propose_adjustment(session, values, rests_on, doing)
    except LevyRefused as refused:
        raise click.BadParameter(REFUSALS[refused.code]) from refused
    except ParameterMissing as missing:
        raise click.ClickException(str(missing)) from missing
    except Refusal as refused:
        raise click.ClickException(why(refused, ADJUST)) from refused
    session.commit()
    click.echo(f"Waits for a second person: siweb tasks approve {task.reference}")


def _day(instant: datetime | None) -> date | None:
    return instant.date() if instant else None
