"""Send a registration: one employer, whoever registers it becomes its owner."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.auth.mandates import add_mandate
from siweb.auth.tables.mandate import MandateKind
from siweb.filings.employers.registration.definition import DEFINITION
from siweb.filings.employers.registration.facts import RegistrationFacts
from siweb.registry.employers.change import register_employer
from siweb.registry.employers.industries import class_of_industry
from siweb.registry.tables.employer import Employer
from siweb.wizard.answers import hand_in, resume_draft
from siweb.wizard.definition import StepForm
from siweb.wizard.draft import Draft
from siweb.wizard.progress import Progress

SUBJECT = "new_employer"


def start_registration(session: Session, account_id: int, *, at: datetime) -> Draft:
    """Return the account's open registration, or a new one."""
    return resume_draft(session, DEFINITION.name, SUBJECT, account_id=account_id, at=at)


def send_registration(
    session: Session, state: Progress, *, actor: Actor, on: date, at: datetime
) -> Employer | None:
    """Register the employer of a checked draft; return None when it was sent before.

    Until the desk has looked at it, within the days of SIL 57, it prepares filings and enrols
    nobody: anybody could make one up (see `confirm.refuse_to_send`).

    :raises AlreadyRegistered: when somebody else was first.
    """
    facts: RegistrationFacts = state.facts
    # The draft decides: of two clicks the second finds it handed in.
    if not hand_in(session, facts.draft, at=at):
        return None
    values = _values(state.forms, facts)
    employer = register_employer(session, values, actor=actor, at=at)
    assert actor.account_id is not None
    add_mandate(
        session, actor.account_id, employer.id, MandateKind.OWNER, actor=actor, on=on, at=at
    )
    return employer


def _values(forms: Mapping[str, StepForm], facts: RegistrationFacts) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for form in forms.values():
        answers |= form.values()
    texts = {name: value or None for name, value in answers.items()}
    # The class is the agency's to set, never the employer's (SIL 35): first that of the industry.
    texts["injury_class"] = class_of_industry(answers["industry_code"])
    texts["bank_account"] = "".join(char for char in answers["bank_account"] if char.isdigit())
    region = answers["region_code"]
    return texts | {
        "registration_due_on": facts.deadline(region, answers["established_on"]).moved_to,
        "review_due_on": facts.review_deadline(region).moved_to,
    }
