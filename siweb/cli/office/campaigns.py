"""siweb campaign: open the reviews of a year."""

from datetime import datetime

import click

from siweb import clock, schema
from siweb.auth.tables.appointment import Function
from siweb.cli.office.operator import operator_of, with_operator
from siweb.cli.settings import command_sessions
from siweb.reviews.begin.open_campaign import CampaignRefused, open_campaign
from siweb.reviews.tables.campaign import CERTIFIED_BY, ReviewKind
from siweb.rules.calendar.months import parse_month
from siweb.rules.errors import RuleError

assert schema.metadata.tables
REFUSALS = {
    "not_open": "This office does not work for that region: siweb region open.",
    "open_already": "There is a campaign of this kind for the region and the year.",
    "ends_before": "It would end before it begins.",
    "months_end_before": "The last month is before the first.",
    "last_day_missing": "Give the last day with --closes: employers declare by it.",
    "season_forbidden": "Certification has no season: leave --closes out.",
}
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("campaign")
@click.argument("region_code")
@click.argument("kind", type=click.Choice([kind.value for kind in ReviewKind]))
@click.argument("year", type=click.IntRange(2000, 2999))
@click.option("--months", nargs=2, required=True, help="First and last month: 2026-01 2026-12.")
@click.option("--opens", type=_DAY, required=True, help="The first day for answers: 2026-11-01.")
@click.option("--closes", type=_DAY, help="The last day; none for certification.")
@with_operator
def campaign(
    region_code: str,
    kind: str,
    year: int,
    months: tuple[str, str],
    opens: datetime,
    closes: datetime | None,
    operator: str,
) -> None:
    """Open a campaign of a KIND for a YEAR in a region.

    A record check looks back on the months, a base holds for them.
    """
    try:
        period = (parse_month(months[0]), parse_month(months[1]))
    except RuleError as error:
        raise click.UsageError("Give months as 2026-01 2026-12.") from error
    with command_sessions()() as session:
        about = CERTIFIED_BY.get(ReviewKind(kind))
        actor = operator_of(
            session, operator, Function.REVIEW, region_code=region_code, insurances=about
        )
        try:
            opened = open_campaign(
                session,
                region_code,
                ReviewKind(kind),
                year,
                period=period,
                opens_on=opens.date(),
                closes_on=None if closes is None else closes.date(),
                rules={},
                actor=actor,
                at=clock.now(),
            )
        except CampaignRefused as refused:
            raise click.ClickException(REFUSALS[refused.code]) from refused
        session.commit()
        click.echo(f"{kind} {year} is open in {region_code} from {opened.opens_on}.")
