"""What is done at the counter: register a person, give the code that opens an account."""

from datetime import datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.auth.credentials.activate import issue_activation_code
from siweb.desk.people.counter.labels import Handed
from siweb.registry.codes import RetirementCategory, Sex
from siweb.registry.register_person import register_person
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal
from siweb.rules.identifiers.identity_number import parse_identity_number


class CounterRefused(Refusal):
    """When it cannot be done.

    "category_missing", "category_of_woman", "died", "no_address".
    """


def register_at_counter(
    session: Session,
    number: str,
    name: str,
    region_code: str,
    category: RetirementCategory | None,
    *,
    actor: Actor,
    at: datetime,
) -> Person:
    """Return a person registered by the ID card.

    :raises CounterRefused: "category_missing" of a woman, "category_of_woman" of a man.
    :raises PersonRefused: "registered".
    """
    card = parse_identity_number(number)
    is_man = Sex(card.sex.value) is Sex.MALE
    if is_man and category is not None:
        raise CounterRefused("category_of_woman")
    if not is_man and category is None:
        raise CounterRefused("category_missing")
    return register_person(session, card, name, region_code, category=category, actor=actor, at=at)


def give_code(
    session: Session, person: Person, handed: Handed, *, key: str, actor: Actor, at: datetime
) -> str:
    """Return a new activation code, which nobody can read again.

    :raises CounterRefused: "died"; "no_address" where it would go by post.
    :raises CodeRefused: "gave_set_up_code" when the same person gave that one.
    """
    if person.died_on is not None:
        raise CounterRefused("died")
    if handed is Handed.BY_POST and not person.address:
        raise CounterRefused("no_address")
    return issue_activation_code(
        session, person.id, key=key, at=at, actor=actor, handed=handed.value
    )
