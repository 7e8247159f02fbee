"""Cases of the desk are taken, given to a colleague of the same function there, or given back.

That somebody has a case bars nobody from it: it only shows in the queue who is at it, so that an
absent colleague holds nothing up. What is done by it is undone by the next giving.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.staff.duties import Duty, read_duties, scope_of, stands, written_duties
from siweb.auth.staff.relatives import barred_keys
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment, Function
from siweb.db.claim import claim
from siweb.desk.home.line import Line
from siweb.desk.home.queues import QUEUES
from siweb.desk.home.waiting import find_waiting
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal
from siweb.tasks.tables.case_holder import CaseHolder

# What stands between the parts of a choice; no queue's name and no key has one.
_BETWEEN = "|"
# A case as the list names it: its queue and its key.
Case = tuple[str, str]
# A page of the list offers no more than a clerk's office has.
MOST_COLLEAGUES = 100


class GivingRefused(Refusal):
    """When a case is not given.

    "none" chosen; "gone" meanwhile, or not the visitor's to give; "changed": somebody else has it
    now; "other_function", "made" it, or "own" matter: of whoever should get it. `cases` are those
    at fault, by queue and key: of many that were chosen the page marks them.
    """

    def __init__(self, code: str, cases: Collection[Case] = ()) -> None:
        super().__init__(code)
        self.cases = frozenset(cases)


@dataclass(frozen=True, slots=True)
class Pick:
    """A line of the list as it was chosen: its queue, its key, and who had it on the page."""

    queue: str
    key: str
    holder_id: int | None

    @property
    def case(self) -> Case:
        """Return which case it is, whoever has it."""
        return self.queue, self.key

    @classmethod
    def read(cls, sent: str) -> "Pick | None":
        """Return what a form names; None for what no page of ours sends."""
        queue, _between, rest = sent.partition(_BETWEEN)
        holder, _between, key = rest.partition(_BETWEEN)
        is_number = holder.isascii() and holder.isdigit() and len(holder) < len(str(2**63))
        return cls(queue, key, int(holder) or None) if key and is_number else None

    @staticmethod
    def write(line: Line) -> str:
        """Return the value by which a form names a line."""
        return _BETWEEN.join((QUEUES[line.queue].name, str(line.holder_id or 0), line.key))


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may be given a case."""

    account_id: int
    name: str


def find_colleagues(session: Session, duties: Iterable[Duty], on: date) -> list[Colleague]:
    """Return who holds one of somebody's functions where they hold it, by name."""
    held = tuple(duties)
    functions = (_holds_too(held, function) for function in Function)
    asked = [each for each in functions if each is not None]
    if not asked:
        return []
    found = (
        select(Account.id, Person.name)
        .join(Person, Person.id == Account.person_id)
        .where(
            Account.person_id.in_(
                select(Appointment.person_id)
                .outerjoin(Agency, Agency.id == Appointment.agency_id)
                .where(stands(on), or_(*asked))
            )
        )
        .order_by(Person.name, Account.id)
        .limit(MOST_COLLEAGUES)
    )
    return [Colleague(*row) for row in session.execute(found)]


def _holds_too(duties: tuple[Duty, ...], function: Function) -> ColumnElement[bool] | None:
    # Who audits reads everything and decides nothing: no case is theirs.
    scope = None if function is Function.AUDIT else scope_of(duties, (function,))
    if scope is None:
        return None
    # Held for the whole office it is held there too; of a province there is no function but audit.
    here = or_(Appointment.agency_id.is_(None), scope.has(Agency.region_code))
    return and_(Appointment.function == function, here)


def give(
    session: Session,
    picks: Sequence[Pick],
    account_id: int | None,
    *,
    duties: Iterable[Duty],
    actor: Actor,
    on: date,
    at: datetime,
) -> int:
    """Give cases to an account, or with None back to everybody; return how many.

    All of them or none: half of a choice would leave the reader to find out which.

    :raises GivingRefused: see there.
    """
    if not picks:
        raise GivingRefused("none")
    lines = _found(session, picks, duties, on, "gone")
    if account_id is not None:
        _require_fitting(session, picks, lines, account_id, on)
    # Before anything is written: whoever chose many reads at once which of them have changed.
    if changed := [pick.case for pick in picks if lines[pick.case].holder_id != pick.holder_id]:
        raise GivingRefused("changed", changed)
    for pick in dict.fromkeys(picks):
        line = lines[pick.case]
        if line.holder_id == account_id:
            continue
        place = (QUEUES[line.queue].kind.of, line.key)
        otherwise = GivingRefused("changed", [pick.case])
        _put(session, place, pick.holder_id, account_id, actor.account_id, at, otherwise)
        record_activity(
            session,
            "case.given" if account_id else "case.given_back",
            actor=actor,
            at=at,
            subject=("case", place[0]),
            person_id=line.person_id,
            facts={"key": line.key, "before": pick.holder_id, "now": account_id},
        )
    return len(lines)


def _found(
    session: Session, picks: Sequence[Pick], duties: Iterable[Duty], on: date, code: str
) -> dict[Case, Line]:
    """Return the lines that were chosen; all of them wait for functions that act."""
    acting = [duty for duty in duties if duty.function is not Function.AUDIT]
    chosen = {pick.case for pick in picks}
    lines = {
        (QUEUES[line.queue].name, line.key): line
        for line in find_waiting(session, chosen, on, acting)
    }
    if lines.keys() != chosen:
        raise GivingRefused(code, chosen - lines.keys())
    return lines


def _require_fitting(
    session: Session,
    picks: Sequence[Pick],
    lines: dict[Case, Line],
    account_id: int,
    on: date,
) -> None:
    """Hold whoever should get the cases to what they could do with each of them."""
    person_id = session.scalar(select(Account.person_id).where(Account.id == account_id))
    held = written_duties().where(Appointment.person_id == person_id, stands(on))
    # Read as their own desk reads it: what it would not show them is not given to them.
    _found(session, picks, read_duties(session.scalar(held)), on, "other_function")
    barred = barred_keys(session, person_id, on=on)
    if made := [case for case, line in lines.items() if line.maker_id == account_id]:
        raise GivingRefused("made", made)
    if own := [case for case, line in lines.items() if line.person_id in barred]:
        raise GivingRefused("own", own)


def _put(
    session: Session,
    place: tuple[str, str],
    before: int | None,
    now: int | None,
    by: int | None,
    at: datetime,
    otherwise: GivingRefused,
) -> None:
    """Write who has a case, if still nobody else has it than the page said."""
    kind, key = place
    values = {"account_id": now, "given_by_account_id": by, "given_at": at}
    of = (
        CaseHolder.kind == kind,
        CaseHolder.key == key,
        CaseHolder.account_id == before,
    )
    if before is not None:
        write = delete(CaseHolder) if now is None else update(CaseHolder).values(**values)
        claim(session, write.where(*of), otherwise=otherwise)
        return
    try:
        # Two who take the same case at once: the key of the row lets one of them have it.
        with session.begin_nested():
            session.execute(insert(CaseHolder).values(kind=kind, key=key, **values))
    except IntegrityError:
        raise otherwise from None
