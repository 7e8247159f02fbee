"""What is done at the counter for an employer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.account import account_of
from siweb.auth.mandates import add_mandate, refuse_staff
from siweb.auth.tables.mandate import Mandate, MandateKind
from siweb.evidence.papers.keep import PaperOf, keep_paper
from siweb.evidence.papers.labels import in_office_words
from siweb.evidence.papers.paper import Because
from siweb.registry.employers.change import register_employer
from siweb.registry.employers.industries import class_of_industry
from siweb.registry.find_person import find_person
from siweb.registry.tables.employer import Employer
from siweb.rules.errors import Refusal


class OwnerRefused(Refusal):
    """When somebody cannot own an employer here: "nobody", "no_account"."""


def register_at_counter(
    session: Session, licence: Mapping[str, Any], *, actor: Actor, on: date, at: datetime
) -> Employer:
    """Return an employer registered by its licence; nothing of it waits for the desk.

    :raises AlreadyRegistered: "registered".
    """
    values = {
        **licence,
        "injury_class": class_of_industry(licence["industry_code"]),
        "reviewed_on": on,
    }
    return register_employer(session, values, actor=actor, at=at)


def make_owner(
    session: Session,
    employer: Employer,
    id_number: str,
    because: Because,
    *,
    actor: Actor,
    on: date,
    at: datetime,
) -> Mandate:
    """Return the mandate of somebody who owns the employer here from now on.

    :raises OwnerRefused: "nobody" with the number, "no_account" of that person.
    :raises GrantRefused: "staff" of the agency that the employer lies in.
    """
    person_id = find_person(session, id_number)
    if person_id is None:
        raise OwnerRefused("nobody")
    # Of two accounts the one that everything leads to: nobody signs in to the other any more.
    account = session.scalar(account_of(person_id))
    if account is None:
        raise OwnerRefused("no_account")
    refuse_staff(session, person_id, employer.id, on=on)
    # Done for the employer: its own list of what was done has it.
    actor = replace(actor, on_behalf_of_employer_id=employer.id)
    mandate = add_mandate(
        session, account.id, employer.id, MandateKind.OWNER, actor=actor, on=on, at=at
    )
    record_activity(
        session,
        "mandate.owner_made",
        actor=actor,
        at=at,
        subject=("mandate", mandate.id),
        facts={"paper": in_office_words(because)},
    )
    keep_paper(session, because, PaperOf(mandate_id=mandate.id))
    return mandate
