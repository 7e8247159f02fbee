"""siweb staff and siweb tasks: functions of the staff, and what waits for a second person."""

import click
from sqlalchemy.orm import Session

from siweb import clock, schema
from siweb.auth.staff.duties import EVERYWHERE, Duty
from siweb.auth.staff.find import find_appointment, list_staff
from siweb.auth.tables.appointment import Function
from siweb.cli.office.operator import operator_of, person_of, with_operator
from siweb.cli.settings import command_sessions
from siweb.desk.staff.actions import propose_appointment, propose_end
from siweb.desk.tasks.actions import ACTIONS
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.errors import Refusal
from siweb.tasks.check import approve, refuse
from siweb.tasks.find import find_task, list_tasks
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Doing

assert schema.metadata.tables
REFUSALS = {
    "held_already": "This person holds that function there already.",
    "incompatible": "This person holds a function of another group; siweb init "
    "--mixed-functions lets a small office do so.",
    "last_two": "Two people must administer the office: appoint another one first.",
    "ended": "This appointment has ended.",
    "waits_already": "The same change waits for its second person already.",
    "own_matter": "This is about yourself: a colleague does it.",
    "same_person": "You made this yourself: another person checks it.",
    "closed": "Somebody checked this meanwhile.",
}


@click.group("staff")
def staff() -> None:
    """Show who holds which function; give and end functions, which another person checks."""


@staff.command("list")
def show_staff() -> None:
    """List who holds which function, with the number that `siweb staff end` takes."""
    with command_sessions()() as session:
        for shown in list_staff(session, scope=EVERYWHERE, on=clock.today()):
            where = shown.agency or "the whole office"
            found = shown.appointment
            click.echo(f"{found.id} {shown.name} {found.function.value} {where}")


@staff.command("appoint")
@click.argument("function", type=click.Choice([function.value for function in Function]))
@click.option("--id-number", prompt=True, help="Whom; asked for if left out.")
@click.option("--agency", type=int, help="The agency's number; the whole office if left out.")
@click.option("--because", required=True, help="The decision it rests on, its number and date.")
@with_operator
def appoint_one(
    function: str, id_number: str, agency: int | None, because: str, operator: str
) -> None:
    """Give a person a FUNCTION; it takes effect when another administrator has checked it."""
    with command_sessions()() as session:
        actor = operator_of(session, operator, Function.ADMINISTRATION)
        person = person_of(session, id_number)
        try:
            task = propose_appointment(
                session,
                person.id,
                Function(function),
                agency,
                because,
                Doing(actor, clock.now(), packs_in_force(session)),
            )
        except Refusal as refused:
            raise click.ClickException(REFUSALS[refused.code]) from refused
        session.commit()
        click.echo(f"Waits for a second administrator: siweb tasks approve {task.reference}")


@staff.command("end")
@click.argument("number", type=int)
@click.option("--because", required=True, help="Why it ends.")
@with_operator
def end_one(number: int, because: str, operator: str) -> None:
    """End the appointment of a NUMBER; it takes effect when another has checked it."""
    with command_sessions()() as session:
        actor = operator_of(session, operator, Function.ADMINISTRATION)
        shown = find_appointment(session, number)
        if shown is None:
            raise click.UsageError("There is no appointment with this number: siweb staff list.")
        try:
            task = propose_end(
                session,
                shown.appointment,
                because,
                Doing(actor, clock.now(), packs_in_force(session)),
            )
        except Refusal as refused:
            raise click.ClickException(REFUSALS[refused.code]) from refused
        session.commit()
        click.echo(f"Waits for a second administrator: siweb tasks approve {task.reference}")


@click.group("tasks")
def tasks() -> None:
    """Show what waits for a second person, and check it."""


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
    with command_sessions()() as session:
        task = _task(session, reference)
        actor = operator_of(session, operator, task.function)
        try:
            doing = Doing(actor, clock.now(), packs_in_force(session))
            approve(session, task, ACTIONS[task.kind], doing)
        except Refusal as refused:
            raise click.ClickException(REFUSALS[refused.code]) from refused
        session.commit()
        click.echo("Checked and done.")


@tasks.command("refuse")
@click.argument("reference")
@click.option("--because", required=True, help="Why; whoever made it reads it.")
@with_operator
def refuse_one(reference: str, because: str, operator: str) -> None:
    """Refuse what another person made."""
    with command_sessions()() as session:
        task = _task(session, reference)
        actor = operator_of(session, operator, task.function)
        try:
            refuse(session, task, ACTIONS[task.kind], because, actor=actor, at=clock.now())
        except Refusal as refused:
            raise click.ClickException(REFUSALS[refused.code]) from refused
        session.commit()
        click.echo("Refused.")


def _task(session: Session, reference: str) -> Task:
    shown = find_task(session, reference)
    if shown is None:
        raise click.UsageError("Nothing waits under this reference: siweb tasks list.")
    return shown.task


def _line(session: Session, task: Task, maker: str) -> str:
    changes = "; ".join(
        f"{line.label}: {line.before} -> {line.after}"
        for line in ACTIONS[task.kind].differences(session, task)
    )
    return f"{task.reference} by {task.due_on} made by {maker}: {changes}"
