"""siweb migrate."""

import click
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from siweb import clock, schema
from siweb.audit.actor import COMMAND
from siweb.audit.chain.seal import old_end
from siweb.audit.record import record_activity
from siweb.cli.counted import are, counted, were
from siweb.cli.sealing import seal_now, show_head
from siweb.cli.settings import (
    command_files,
    command_seal_key,
    command_settings,
    require_no_later,
)
from siweb.collection.books.seal_day import seal_day
from siweb.db.engine import READ_ONLY, make_engine, make_sessions
from siweb.db.migrate import migrate as migrate_database
from siweb.files.take_in import take_in_former_files
from siweb.ledgers.seals.former import former_differences, has_former_seals
from siweb.ledgers.seals.seal import SealKey, last_closing
from siweb.ledgers.tables.day_root import DayRoot, FormerHead
from siweb.registry.number_keys import holds_numbers, require_number_keys
from siweb.settings import Settings

assert schema.metadata.tables


@click.command()
@click.option("--as-found", is_flag=True, help="Go on where sealed rows are found changed.")
def migrate(as_found: bool) -> None:
    """Bring the database to the newest schema; create it, and its secrets, when there is none.

    Books that were sealed before roots are proved a last time, and sealed anew.
    """
    migrate_office(command_settings(), as_found=as_found)
    click.echo("The database is at the newest schema.")


def migrate_office(settings: Settings, *, as_found: bool) -> None:
    """Bring an office to the newest schema, and take over what an earlier version kept elsewhere.

    :raises click.ClickException: when its tables are a later version's, or its seals do not hold.
    """
    engine = make_engine(settings.engine_url)
    require_no_later(engine)
    _prove_former_seals(engine, as_found=as_found)
    bring_up(settings, engine)
    files = command_files(settings)
    if moved := take_in_former_files(make_sessions(engine), files, settings.var_dir):
        click.echo(f"{counted(moved, 'file')} that {were(moved)} handed in came over.")
    with make_sessions(engine)() as session:
        begin_roots(session, command_seal_key(settings))
        session.commit()
    take_over_log(settings, engine)


def bring_up(settings: Settings, engine: Engine) -> None:
    """Bring a database to the newest schema with the secrets of its office.

    They are made while it has no numbers yet; later a missing one stops the command.
    """
    if not holds_numbers(engine):
        settings.make_secrets()
    require_number_keys(settings)
    migrate_database(engine)
    require_number_keys(settings, engine)


def _prove_former_seals(engine: Engine, *, as_found: bool) -> None:
    if not has_former_seals(engine):
        return
    with make_sessions(engine.execution_options(**{READ_ONLY: True}))() as session:
        differences = list(former_differences(session))
    for line in differences:
        click.echo(line, err=True)
    if differences and not as_found:
        raise click.ClickException(
            "The books are not as they were sealed, and nothing was migrated: "
            "look into it, or go on with siweb migrate --as-found."
        )


def begin_roots(session: Session, key: SealKey) -> None:
    """Seal everything anew where the former seals ended; again does nothing.

    The activity log gets the old heads and the new roots.
    """
    heads = {
        head.book: head.head
        for head in session.scalars(select(FormerHead).order_by(FormerHead.book))
    }
    if not heads or last_closing(session) is not None:
        return
    on, at = clock.today(), clock.now()
    rows = seal_day(session, key=key, on=on, at=at, actor=COMMAND)
    roots = {root.region_code: root.root for root in session.scalars(select(DayRoot))}
    record_activity(
        session,
        "books.roots_begun",
        actor=COMMAND,
        at=at,
        subject=("books", on.isoformat()),
        facts={"heads": heads, "roots": roots},
    )
    for name, digest in (*heads.items(), *roots.items()):
        click.echo(f"{name:<22}{digest}")
    click.echo(
        f"{counted(rows, 'row')} {are(rows)} sealed anew, under roots that begin at these heads."
    )


def take_over_log(settings: Settings, engine: Engine) -> None:
    """Go on under the key with a log that was chained without one; say where the old chain ended.

    A line of the log itself holds the old end, so that the new chain covers it.
    """
    with make_sessions(engine).begin() as session:
        old = old_end(session)
        if old is None:
            return
        record_activity(
            session,
            "activity.taken_over",
            actor=COMMAND,
            at=clock.now(),
            subject=("activity", old.position),
            facts={"old_head": old.link_hash.hex()},
        )
    seal_now(settings, engine)
    click.echo(
        f"The activity log is chained under a key from here on. Its old chain had "
        f"{counted(old.position, 'line')} and ended with {old.link_hash.hex()}."
    )
    show_head(settings, engine)
