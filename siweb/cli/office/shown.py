"""siweb office: what every page and paper shows of the office."""

from pathlib import Path

import click

from siweb import clock, schema
from siweb.auth.tables.appointment import Function
from siweb.cli.office.operator import operator_of, with_operator
from siweb.cli.settings import command_sessions
from siweb.desk.staff.office.forms import REFUSALS
from siweb.registry.regions.shown_office import OfficeRefused, has_emblem, show_office, shown_office
from siweb.web.language.locale import office_language

assert schema.metadata.tables
# Whoever reads it here can open it; the page's words send its readers to them.
_NOT_OPEN = "The office has not been opened yet: run siweb init."


@click.group("office")
def office() -> None:
    """Show what every page shows of the office, or change it."""


@office.command("show")
def show() -> None:
    """Show the office's name, telephone, and whether it has an emblem of its own."""
    with command_sessions()() as session:
        found = shown_office(session)
        if found is None:
            raise click.ClickException(_NOT_OPEN)
        click.echo(f"{found.name_zh} / {found.name_en}")
        click.echo(f"Telephone: {found.phone or 'none, so that only 12333 is named'}")
        click.echo(f"Emblem: {'its own' if has_emblem(session) else 'that of siweb'}")


@office.command("set")
@click.option("--name", "name_zh", help="Its name in Chinese; left out: as before.")
@click.option("--name-en", help="Its name in English; left out: as before.")
@click.option("--phone", help="The number that people call; an empty one is taken away.")
@click.option(
    "--emblem",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A square PNG picture of 96 to 512 pixels, at most 24 KB.",
)
@click.option("--without-emblem", is_flag=True, help="Take the emblem away.")
@with_operator
def set_shown(
    name_zh: str | None,
    name_en: str | None,
    phone: str | None,
    *,
    emblem: Path | None,
    without_emblem: bool,
    operator: str,
) -> None:
    """Let every page show another name, telephone or emblem."""
    click.get_current_context().with_resource(office_language("en"))
    with command_sessions()() as session:
        actor = operator_of(session, operator, Function.ADMINISTRATION, region_code=None)
        before = shown_office(session)
        if before is None:
            raise click.ClickException(_NOT_OPEN)
        try:
            show_office(
                session,
                name_zh=name_zh or before.name_zh,
                name_en=name_en or before.name_en,
                phone=before.phone if phone is None else phone,
                emblem=None if emblem is None else emblem.read_bytes(),
                without_emblem=without_emblem,
                actor=actor,
                at=clock.now(),
            )
        except OfficeRefused as refused:
            raise click.ClickException(str(REFUSALS[refused.code])) from refused
        session.commit()
        click.echo("It stands on every page within a minute.")
