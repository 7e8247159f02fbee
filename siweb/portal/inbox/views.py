"""What the office told the visitor, and the employer they act for."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, abort, render_template, url_for
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.access import acting, acting_for, signed_in, visitor
from siweb.messages.deliver import deliveries_of
from siweb.messages.inbox import ShownMessage, find_message, inbox_of, mark_read
from siweb.messages.message_kind import Reader
from siweb.messages.served import first_served, services_of
from siweb.messages.tables.service import MessageService
from siweb.portal.inbox.about import about_message
from siweb.portal.inbox.labels import CHANNELS, STATES
from siweb.registry.packs.in_force import packs_in_force
from siweb.service.labels import FAILURES, WAYS
from siweb.service.record import record_opened
from siweb.service.remedies import remedies_of
from siweb.web.database import db_session, note
from siweb.web.paging import page_asked

blueprint = Blueprint("inbox", __name__)
# The same page for both: which message it is stands in its address.
MESSAGE = "/messages/<kind>/<subject>/<day>"


@blueprint.get("/messages")
@signed_in
def show_messages() -> str:
    """Show what I was told, the newest first."""
    return _inbox(Reader.PERSON, visitor().person_id, "inbox.show_message")


@blueprint.get(MESSAGE)
@signed_in
def show_message(kind: str, subject: str, day: str) -> str:
    """Show one message; that it was opened is kept."""
    found = _found(Reader.PERSON, visitor().person_id, kind, subject, day)
    return _opened(found, url_for("inbox.show_messages"), may_receive=True)


@blueprint.get("/employer/<uscc>/messages")
@acting_for("viewer")
def show_employers_messages() -> str:
    """Show what the employer was told, the newest first."""
    return _inbox(Reader.EMPLOYER, acting().employer_id, "inbox.show_employers_message")


@blueprint.get(f"/employer/<uscc>{MESSAGE}")
@acting_for("viewer")
def show_employers_message(kind: str, subject: str, day: str) -> str:
    """Show one message to the employer; who opened it first is kept."""
    found = _found(Reader.EMPLOYER, acting().employer_id, kind, subject, day)
    # Who may only look receives nothing for the employer.
    may_receive = acting().may("filer")
    return _opened(found, url_for("inbox.show_employers_messages"), may_receive=may_receive)


def _inbox(reader: Reader, reader_id: int, endpoint: str) -> str:
    page = page_asked()
    messages, has_more = inbox_of(db_session(), reader, reader_id, page=page)
    return render_template(
        "portal/inbox/messages.html",
        messages=messages,
        has_more=has_more,
        page=page,
        endpoint=endpoint,
    )


def _found(reader: Reader, reader_id: int, kind: str, subject: str, day: str) -> ShownMessage:
    try:
        on = date.fromisoformat(day)
    except ValueError:
        abort(404)
    found = find_message(
        db_session(), reader, reader_id, kind=kind, subject=subject, notified_on=on
    )
    if found is None:
        abort(404)
    return found


def _opened(found: ShownMessage, back: str, *, may_receive: bool) -> str:
    """Show a message, and keep that it was opened: that serves it on who may receive it.

    Opening one that waits to be served shows no more than that: the page stays within what a page
    may ask of the database.
    """
    me, at, message = visitor(), clock.now(), found.message
    needs_service, opened = found.kind.needs_service, list[MessageService]()
    services: Sequence[MessageService] = ()
    if needs_service and not message.awaits_service:
        services = services_of(db_session(), message)
    first = first_served(services)
    serves = needs_service and may_receive and (first is None or first > clock.today())
    packs = packs_in_force(db_session()) if needs_service else None

    def keep(writer: Session) -> None:
        if serves and packs is not None:
            given = record_opened(writer, message, packs=packs, account_id=me.account_id, at=at)
            opened.append(given)
        else:
            mark_read(writer, message, account_id=me.account_id, at=at)

    # Left out while a long list is written: it is kept when it is opened again.
    is_kept = (message.read_at is None or serves) and note(keep)
    if is_kept and opened:
        services = [*services, *opened]
    elif needs_service and message.awaits_service:
        services = services_of(db_session(), message)
    first = first_served(services)
    return render_template(
        "portal/inbox/message.html",
        found=found,
        back_to=back,
        about=about_message(db_session(), message),
        deliveries=() if opened else deliveries_of(db_session(), message),
        services=services,
        effect={"served_on": first},
        remedies=remedies_of(packs, message, first) if packs and first else None,
        on=clock.today(),
        ways=WAYS,
        failures=FAILURES,
        channels=CHANNELS,
        states=STATES,
    )
