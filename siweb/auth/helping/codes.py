"""The code on a person's phone: made by them for a helper whom they name, used once by that one."""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor, Channel
from siweb.audit.record import record_activity
from siweb.auth.credentials.activate import same_name
from siweb.auth.credentials.keyed_hash import keyed_hash
from siweb.auth.credentials.throttle import PER_NUMBER, reserve, take_back
from siweb.auth.helping.find import has_guardian
from siweb.auth.helping.give import Grant, give_mandate, hold_to_days
from siweb.auth.helping.refused import HelpRefused
from siweb.auth.tables.account import Account
from siweb.auth.tables.help_mandate import HelpBasis, HelpCode, HelpKind, HelpMandate
from siweb.db.reference_code import new_reference
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person

# Digits, since it is read out on the telephone. Five wrong tries pause a helper, and the name must
# be the one that the person gave: nobody finds one of a hundred million so.
DIGITS = 8
# A child in another city calls in the evening.
GOOD_FOR = timedelta(days=1)
MOST_OPEN = 3


def code_digits(key: str, reference: str) -> str:
    """Return the digits of a code: derived, so that its giver can read them again."""
    # Of 256 bits, so that no digit is likelier than another in any way that could be used.
    drawn = int(keyed_hash(key, "help_digits", reference), 16) % 10**DIGITS
    return f"{drawn:0{DIGITS}}"


def make_code(
    session: Session,
    helper_name: str,
    kinds: frozenset[HelpKind],
    until_on: date,
    *,
    key: str,
    actor: Actor,
    on: date,
    at: datetime,
) -> HelpCode:
    """Return a new code of whoever acts; the caller commits.

    There is no parameter for whose it is: no helper and nobody at the desk makes one for a person.

    :raises HelpRefused: "not_own", "guarded", "too_many_codes", and as `hold_to_days`.
    """
    is_own = actor.channel is Channel.WEB and actor.on_behalf_of_person_id is None
    if actor.person_id is None or not is_own:
        raise HelpRefused("not_own")
    # Whoever has a guardian makes no authorisation alone (Civil Code 21, 22): with the guardian,
    # at the counter, from a signed form.
    if has_guardian(session, actor.person_id, on=on):
        raise HelpRefused("guarded")
    hold_to_days(HelpBasis.CODE, until_on, on)
    if len(open_codes(session, actor.person_id, at=at)) >= MOST_OPEN:
        raise HelpRefused("too_many_codes", most=MOST_OPEN)
    reference = new_reference(12)
    code = HelpCode(
        reference=reference,
        code_hash=keyed_hash(key, "help_code", code_digits(key, reference)),
        person_id=actor.person_id,
        helper_name=helper_name,
        kinds=kinds,
        until_on=until_on,
        made_at=at,
        expires_at=at + GOOD_FOR,
    )
    session.add(code)
    session.flush()
    record_activity(
        session,
        "help.code_made",
        actor=actor,
        at=at,
        subject=("help_code", code.id),
        person_id=actor.person_id,
        facts={"kinds": sorted(kinds), "until": until_on.isoformat()},
    )
    return code


def use_code(
    session: Session, typed: str, *, key: str, actor: Actor, on: date, at: datetime
) -> HelpMandate:
    """Return the mandate that a code gives to whoever acts. The caller commits in every case.

    :raises SignInPaused: after five that did not fit.
    :raises HelpRefused: "does_not_fit" in the same way whatever does not; else as `give_mandate`.
    """
    # By account: a stranger who guesses keeps nobody's real helper out.
    who = keyed_hash(key, "help_code_try", str(actor.account_id))
    reserve(session, {who: PER_NUMBER}, at=at)
    helper = session.get_one(Account, actor.account_id)
    name = session.get_one(Person, helper.person_id).name
    found = session.scalars(
        select(HelpCode).where(
            HelpCode.code_hash == keyed_hash(key, "help_code", typed),
            HelpCode.used_at.is_(None),
            HelpCode.expires_at > at,
        )
    ).all()
    fitting = [code for code in found if same_name(code.helper_name, name)]
    # Of two with the same digits for the same name nobody can say which was meant.
    if len(fitting) != 1:
        raise HelpRefused("does_not_fit")
    take_back(session, who, PER_NUMBER)
    code = fitting[0]
    grant = Grant(code.person_id, code.kinds, code.until_on, HelpBasis.CODE)
    # What is refused for another reason leaves the code: its giver need not make a new one.
    with session.begin_nested():
        if not _take(session, code, at):
            raise HelpRefused("does_not_fit")
        return give_mandate(session, grant, helper, actor=actor, on=on, at=at)


def open_codes(session: Session, person_id: int, *, at: datetime) -> list[HelpCode]:
    """Return a person's codes that nobody used yet, the newest first."""
    return list(
        session.scalars(
            select(HelpCode)
            .where(
                is_of(HelpCode.person_id, person_id),
                HelpCode.used_at.is_(None),
                HelpCode.expires_at > at,
            )
            .order_by(HelpCode.id.desc())
        )
    )


def take_code_back(session: Session, reference: str, person_id: int, *, at: datetime) -> bool:
    """Let a code of a person give nothing any more; False where there is no such open one."""
    mine = (HelpCode.reference == reference, is_of(HelpCode.person_id, person_id))
    return _close(session, *mine, at=at)


def _take(session: Session, code: HelpCode, at: datetime) -> bool:
    """Use a code up; of two at once one gets it."""
    return _close(session, HelpCode.id == code.id, at=at)


def _close(session: Session, *which: object, at: datetime) -> bool:
    closed = session.execute(
        update(HelpCode)
        .where(*which, HelpCode.used_at.is_(None), HelpCode.expires_at > at)  # type: ignore[arg-type]
        .values(used_at=at)
        .execution_options(synchronize_session=False)
    )
    return bool(closed.rowcount)  # type: ignore[attr-defined]
