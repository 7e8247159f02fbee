"""siweb check.

It imports what proves the books and no more: half of the time it takes for a small month is spent
before its first statement.
"""

import click

from siweb import schema
from siweb.audit.chain.head import Head
from siweb.cli.collection.log_proof import log_findings
from siweb.cli.settings import command_seal_key, command_settings, require_no_later
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.db.engine import READ_ONLY, make_engine, make_sessions
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.calendar.months import parse_month
from siweb.rules.errors import RuleError

assert schema.metadata.tables


@click.command()
@click.option("--region", help="Only this region, by its code.")
@click.option("--month", help="Only bills of this contribution month, YYYY-MM.")
@click.option("--no-seals", is_flag=True, help="Leave out whether sealed rows were changed.")
@click.option("--head", "heads", multiple=True, help="A head of the activity log, as it was noted.")
def check(region: str | None, month: str | None, no_seals: bool, heads: tuple[str, ...]) -> None:
    """Prove that the books balance; name what does not, and end with 1.

    The activity log is held to the heads given and to those in the file where close-day notes them.
    """
    try:
        noted = [Head.read(head) for head in heads]
    except ValueError as error:
        raise click.BadParameter(f"{error} is not a head such as close-day prints.") from None
    if month is not None:
        try:
            parse_month(month)
        except RuleError:
            raise click.BadParameter(f"{month} is not a month like 2026-08.") from None
    settings = command_settings()
    engine = make_engine(settings.engine_url)
    require_no_later(engine)
    readers = make_sessions(engine.execution_options(**{READ_ONLY: True}))
    with readers() as session:
        findings = check_books(
            session,
            packs_in_force(session),
            Scope(region, month),
            seals=None if no_seals else command_seal_key(settings),
            beside=readers,
        )
    of_log = [] if no_seals else list(log_findings(settings, engine, noted))
    for line in (*findings.lines(), *of_log):
        click.echo(line)
    if findings or of_log:
        raise SystemExit(1)
    click.echo("The books balance.")
