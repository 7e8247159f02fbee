"""Send what commands do with bank statements and accounts to be checked, as the desk does."""

from collections.abc import Mapping
from typing import Any

import click
from sqlalchemy.orm import Session

from siweb import clock
from siweb.audit.actor import Actor
from siweb.collection.statements.reading.entry import plain_account
from siweb.collection.statements.upload import request_import
from siweb.collection.tables.bank_statement import BankStatement
from siweb.desk.checking.sentences import why
from siweb.desk.statements.actions import ACCOUNT, IMPORT, WITHDRAW, statement_subject
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.errors import Refusal
from siweb.tasks.find import was_done
from siweb.tasks.propose import propose
from siweb.tasks.two_person_action import Doing, TwoPersonAction


def propose_import(
    session: Session, statement: BankStatement, because: str | None, maker: Actor
) -> None:
    """Send an import to be checked; one that was checked before and stopped goes on.

    `because` is why it is right although its totals do not fit; None where they do.
    """
    subject = statement_subject(statement.id)
    if because is None and was_done(session, subject, IMPORT.kind):
        request_import(session, statement, actor=maker, at=clock.now())
        session.commit()
        click.echo("It was checked before: the worker goes on with it.")
        return
    change = {"statement_id": statement.id, "confirms": because is not None}
    _send(
        session,
        IMPORT,
        subject,
        change,
        because or statement.file_name,
        statement.region_code,
        maker,
    )


def propose_taking_back(
    session: Session, statement: BankStatement, because: str, maker: Actor
) -> None:
    """Send it to be checked that an import is taken back."""
    change = {"statement_id": statement.id}
    _send(
        session,
        WITHDRAW,
        statement_subject(statement.id),
        change,
        because.strip(),
        statement.region_code,
        maker,
    )


def propose_account(session: Session, given: Mapping[str, Any], because: str, maker: Actor) -> None:
    """Send it to be checked that the office has an account."""
    subject = f"bank_account:{plain_account(given['number'])}"
    _send(session, ACCOUNT, subject, given, because, given["region_code"], maker)


def _send(
    session: Session,
    action: TwoPersonAction,
    subject: str,
    change: Mapping[str, Any],
    because: str,
    region_code: str | None,
    maker: Actor,
) -> None:
    doing = Doing(maker, clock.now(), packs_in_force(session))
    try:
        task = propose(
            session, action, subject, change, because, region_code=region_code, doing=doing
        )
    except Refusal as refused:
        raise click.ClickException(why(refused, action)) from refused
    session.commit()
    click.echo(f"Waits for a second person: siweb tasks approve {task.reference}")
