"""End a look at a sign: there is nothing in it, or the register has it; words alone end nothing."""

from datetime import datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.registry.tables.person import Person
from siweb.reviews.tables.sign import Sign, SignKind, SignState
from siweb.rules.errors import Refusal


class ExaminationRefused(Refusal):
    """When a look cannot end so, or a sign stops nothing.

    "sign_examined": somebody else ended it. "sign_not_registered": of a death that is not in the
    register yet: two people register it first. "sign_other_kind": no sentence, so that it stops
    nothing; "sign_not_stopped", "sign_before_stop": there is nothing to let go on from then on.
    """


def hold_open(session: Session, sign: Sign) -> None:
    """Hold a sign until commit: of two who look at once, one ends it.

    :raises ExaminationRefused: "sign_examined".
    """
    session.refresh(sign, with_for_update=True)
    if sign.state is not SignState.OPEN:
        raise ExaminationRefused("sign_examined")


def end_examination(
    session: Session, sign: Sign, *, is_so: bool, words: str, actor: Actor, at: datetime
) -> None:
    """Keep how a look ended; the caller commits.

    :raises ExaminationRefused: see there.
    """
    hold_open(session, sign)
    if is_so:
        person = session.get_one(Person, sign.person_id)
        if sign.kind is not SignKind.DEATH or person.died_on is None:
            raise ExaminationRefused("sign_not_registered")
    close_examination(session, sign, is_so=is_so, words=words, actor=actor, at=at)


def close_examination(
    session: Session, sign: Sign, *, is_so: bool, words: str, actor: Actor, at: datetime
) -> None:
    """Write how a look ended, which was held to be open."""
    sign.state = SignState.CONFIRMED if is_so else SignState.UNFOUNDED
    sign.words, sign.examined_at, sign.examined_by_account_id = words, at, actor.account_id
    session.flush()
    record_activity(
        session,
        "sign.examined",
        actor=actor,
        at=at,
        subject=("sign", sign.id),
        person_id=sign.person_id,
        facts={"kind": sign.kind.value, "state": sign.state.value},
    )
