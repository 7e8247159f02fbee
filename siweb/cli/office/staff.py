"""siweb staff and siweb tasks: functions of the staff, and what waits for a second person."""

from collections.abc import Callable
from contextlib import suppress

import click
from sqlalchemy.orm import Session

from siweb import clock, schema
from siweb.app import create_app
from siweb.audit.actor import Actor
from siweb.auth.credentials.second_factor.set_up_code import (
    LASTS,
    SetUpCodeRefused,
    issue_set_up_code,
)
from siweb.auth.staff.duties import EVERYWHERE, Duty
from siweb.auth.staff.find import ShownAppointment, find_appointment, list_staff
from siweb.auth.tables.appointment import Function
from siweb.cli.office.operator import (
    operator_of,
    person_of,
    refuse_own_matter,
    with_operator,
)
from siweb.cli.settings import command_files, command_sessions, command_settings
from siweb.db.reference_code import grouped
from siweb.desk.checking.sentences import why
from siweb.desk.staff.actions import APPOINT, END, propose_appointment, propose_end, region_of
from siweb.desk.staff.factor import RESET_FACTOR, propose_reset
from siweb.desk.staff.labels import REFUSALS
from siweb.desk.staff.places import Place, areas_of_office, place_name
from siweb.desk.tasks.actions import ACTIONS
from siweb.desk.tasks.would_do import differences_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.person_keys import all_keys
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal
from siweb.tasks.check import approve, refuse
from siweb.tasks.find import find_task, list_tasks
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Doing, TwoPersonAction
from siweb.web.language.locale import office_language

assert schema.metadata.tables
_MOST_WORDS = 500


def _words(_context: click.Context, _option: click.Parameter, typed: str) -> str:
    """Return a reason that somebody can read: neither empty nor longer than a form takes."""
    if not 0 < len(typed.strip()) <= _MOST_WORDS:
        raise click.BadParameter(f"Say it in 1 to {_MOST_WORDS} characters.")
    return typed.strip()


@click.group("staff")
def staff() -> None:
    """Show who holds which function; give and end functions, reset a second factor by two."""
    click.get_current_context().with_resource(office_language("en"))


@staff.command("list")
def show_staff() -> None:
    """List who holds which function, with the number that `siweb staff end` takes."""
    with command_sessions()() as session:
        for shown in list_staff(session, scope=EVERYWHERE, on=clock.today()):
            found = shown.appointment
            where = shown.agency or place_name(session, Place(None, found.area_code))
            since = shown.factor_since
            factor = f"since {clock.office_day(since)}" if since else "none"
            held = f"{shown.name} {found.function.value} {where}"
            click.echo(f"{found.id} {held}, second factor: {factor}")


@staff.command("appoint")
@click.argument("function", type=click.Choice([function.value for function in Function]))
@click.option("--id-number", prompt=True, help="Whom; asked for if left out.")
@click.option("--agency", type=int, help="The agency's number; the whole office if left out.")
@click.option("--area", help="Instead, a province by its code such as 330000, for who audits it.")
@click.option(
    "--because", required=True, callback=_words, help="The decision it rests on: number, date."
)
@with_operator
def appoint_one(
    function: str,
    id_number: str,
    agency: int | None,
    area: str | None,
    because: str,
    operator: str,
) -> None:
    """Give a person a FUNCTION; it takes effect when another administrator has checked it."""
    with command_sessions()() as session:
        region = _region_of(session, agency)
        actor = operator_of(session, operator, Function.ADMINISTRATION, region_code=region)
        person = person_of(session, id_number)
        place = Place(agency, area)
        if area is not None and (agency is not None or place not in areas_of_office(session)):
            raise click.UsageError(
                "Give --area the code of a province in which this office works, and no --agency."
            )
        doing = Doing(actor, clock.now(), packs_in_force(session))
        _propose(
            session,
            APPOINT,
            lambda: propose_appointment(
                session, person.id, Function(function), place, because, doing
            ),
        )


@staff.command("end")
@click.argument("number", type=int)
@click.option("--because", required=True, callback=_words, help="Why it ends.")
@with_operator
def end_one(number: int, because: str, operator: str) -> None:
    """End the appointment of a NUMBER; it takes effect when another has checked it."""
    with command_sessions()() as session:
        shown = _appointment(session, number)
        region = _region_of(session, shown.appointment.agency_id)
        actor = operator_of(session, operator, Function.ADMINISTRATION, region_code=region)
        doing = Doing(actor, clock.now(), packs_in_force(session))
        _propose(session, END, lambda: propose_end(session, shown.appointment, because, doing))


@staff.command("reset-factor")
@click.argument("number", type=int)
@click.option(
    "--because", required=True, callback=_words, help="Who asked, how the person was recognised."
)
@with_operator
def reset_factor(number: int, because: str, operator: str) -> None:
    """Take away the lost second factor of who holds NUMBER; another person checks it."""
    with command_sessions()() as session:
        shown = _appointment(session, number)
        region = _region_of(session, shown.appointment.agency_id)
        actor = operator_of(session, operator, Function.ADMINISTRATION, region_code=region)
        doing = Doing(actor, clock.now(), packs_in_force(session))
        _propose(session, RESET_FACTOR, lambda: propose_reset(session, shown, because, doing))


@staff.command("set-up-code")
@click.option("--id-number", prompt=True, help="Whose; asked for if left out.")
@with_operator
def set_up_code(id_number: str, operator: str) -> None:
    """Print the code by which somebody who holds a function sets up a first second factor."""
    key, at = command_settings().signing_key(), clock.now()
    with command_sessions()() as session:
        person = person_of(session, id_number)
        actor = _administrator_of(session, person, operator)
        refuse_own_matter(session, actor, person_id=person.id)
        try:
            code = issue_set_up_code(session, person.id, key=key, actor=actor, at=at)
        except SetUpCodeRefused as refused:
            raise click.ClickException(str(REFUSALS[refused.code])) from refused
        session.commit()
        lasts = f"works once, for {LASTS.days} days"
        click.echo(f"Set-up code for {person.name}: {grouped(code)} ({lasts})")


def _administrator_of(session: Session, person: Person, operator: str) -> Actor:
    """Return the operator, who administers where somebody holds a function."""
    keys = all_keys(session, person.id)
    held = [
        region_of(session, shown.appointment.agency_id)
        for shown in list_staff(session, scope=EVERYWHERE, on=clock.today())
        if shown.person_id in keys
    ]
    # The last one says what is missing.
    for region in held[:-1]:
        with suppress(click.UsageError):
            return operator_of(session, operator, Function.ADMINISTRATION, region_code=region)
    if not held:
        raise click.UsageError("Nobody with this ID number holds a function: siweb staff list.")
    return operator_of(session, operator, Function.ADMINISTRATION, region_code=held[-1])


def _appointment(session: Session, number: int) -> ShownAppointment:
    shown = find_appointment(session, number)
    if shown is None:
        raise click.UsageError("There is no appointment with this number: siweb staff list.")
    return shown


def _propose(session: Session, action: TwoPersonAction, make: Callable[[], Task]) -> None:
    try:
        task = make()
    except Refusal as refused:
        raise click.ClickException(why(refused, action)) from refused
    session.commit()
    click.echo(f"Waits for a second administrator: siweb tasks approve {task.reference}")


def _checker(session: Session, operator: str, task: Task) -> Actor:
    return operator_of(
        session,
        operator,
        task.function,
        region_code=task.region_code,
        insurances=task.insurances,
        # A sign-in that its owner left open makes nobody the second person.
        is_fresh=True,
    )


@click.group("tasks")
def tasks() -> None:
    """Show what waits for a second person, and check it."""
    click.get_current_context().with_resource(office_language("en"))


@tasks.command("list")
def show_tasks() -> None:
    """List what waits, the nearest day first."""
    everything = [Duty(function, None, None) for function in Function]
    with command_sessions()() as session:
        page = 1
        while True:
            found, has_more = list_tasks(session, everything, page=page)
            for shown in found:
                click.echo(_line(session, shown.task, shown.maker))
            if not has_more:
                return
            page += 1


@tasks.command("approve")
@click.argument("reference")
@with_operator
def approve_one(reference: str, operator: str) -> None:
    """Do what another person made, after reading what it changes (siweb tasks list)."""
    settings = command_settings()
    files = command_files(settings)
    with command_sessions()() as session:
        task = _task(session, reference)
        actor = _checker(session, operator, task)
        try:
            doing = Doing(actor, clock.now(), packs_in_force(session), files)
            # What is decided may be a paper, in both languages and under the office's key.
            with create_app(settings).app_context():
                is_done = approve(session, task, ACTIONS[task.kind], doing)
        except Refusal as refused:
            raise click.ClickException(why(refused, ACTIONS[task.kind])) from refused
        session.commit()
        waits = "Checked. It is above the region's limit: a third person checks it as well."
        click.echo("Checked and done." if is_done else waits)


@tasks.command("refuse")
@click.argument("reference")
@click.option("--because", required=True, callback=_words, help="Why; whoever made it reads it.")
@with_operator
def refuse_one(reference: str, because: str, operator: str) -> None:
    """Refuse what another person made."""
    with command_sessions()() as session:
        task = _task(session, reference)
        actor = _checker(session, operator, task)
        try:
            refuse(session, task, ACTIONS[task.kind], because, actor=actor, at=clock.now())
        except Refusal as refused:
            raise click.ClickException(why(refused, ACTIONS[task.kind])) from refused
        session.commit()
        click.echo("Refused.")


def _region_of(session: Session, agency_id: int | None) -> str | None:
    if agency_id is not None and session.get(Agency, agency_id) is None:
        raise click.UsageError("There is no agency with this number: siweb agency.")
    return region_of(session, agency_id)


def _task(session: Session, reference: str) -> Task:
    shown = find_task(session, reference)
    if shown is None:
        raise click.UsageError("Nothing waits under this reference: siweb tasks list.")
    return shown.task


def _line(session: Session, task: Task, maker: str) -> str:
    changes = "; ".join(
        f"{line.label}: {line.before} -> {line.after}" for line in differences_of(session, task)
    )
    return f"{task.reference} by {task.due_on} made by {maker}: {changes}"
