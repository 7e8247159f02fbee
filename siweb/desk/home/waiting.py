"""Count what waits at the desk, and list it: one statement each, whatever the number of queues."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    not_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from siweb.auth.staff.duties import Duty, Scope, scope_of
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.desk.home.line import Line
from siweb.desk.home.queue import Queue
from siweb.desk.home.queues import QUEUES
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.tasks.tables.case_holder import CaseHolder

# A clerk's screen holds as many rows.
PAGE = 25
_SUNDAY = 6
# A queue by its place among all, and the part of it that somebody may see.
Shown = tuple[int, Scope]
# Questions are kept as they were built: some forty queues are joined in each, which takes ten
# times as long as the answer. Colleagues with the same functions ask the same, so few are needed.
_KEPT = 64
_ASKING = bindparam("asking", type_=BigInteger())


class View(StrEnum):
    """A part of what waits, as it is asked for again and again."""

    ALL = "all"
    LATE = "late"
    # Its last day is still to come, until Sunday: an office works by weeks.
    WEEK = "week"
    MINE = "mine"
    NOBODYS = "nobodys"
    # Made by oneself: it waits for somebody else.
    MADE = "made"


class Order(StrEnum):
    DUE = "due"
    SINCE = "since"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of what waits is asked for, and in which order."""

    queue: str = ""
    function: Function | None = None
    view: View = View.ALL
    order: Order = Order.DUE
    page: int = 1

    def fits(self, queue: Queue) -> bool:
        """Return whether any of a queue is asked for."""
        functions = (queue.function, *queue.also)
        is_function = self.function is None or self.function in functions
        # Of several queues that show cases of one kind, the kind asks for all.
        return is_function and self.queue in {"", queue.name, queue.kind.of}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue, and how much of it each view shows."""

    queue: Queue
    counts: Mapping[View, int]

    @property
    def count(self) -> int:
        """Return how much waits in it."""
        return self.counts[View.ALL]


def count_waiting(
    session: Session, on: date, duties: Iterable[Duty], account_id: int | None = None
) -> list[Waiting]:
    """Return the queues of somebody's functions, and how much waits there on a day.

    One statement however many they are; who audits sees every queue.
    """
    shown = _shown(duties)
    if not shown:
        return []
    rows = session.execute(_counting(shown, on), {_ASKING.key: account_id})
    found = {row.place: row for row in rows}
    return [
        Waiting(QUEUES[place], {view: found[place][1 + at] for at, view in enumerate(View)})
        for place, _scope in shown
    ]


def list_waiting(
    session: Session, asked: Asked, on: date, duties: Iterable[Duty], account_id: int
) -> tuple[list[Line], bool]:
    """Return a page of what waits for somebody's functions, and whether more does.

    What has a last day comes first, the nearest before the others; then the longest waiting.
    """
    shown = tuple(each for each in _shown(duties) if asked.fits(QUEUES[each[0]]))
    if not shown:
        return [], False
    rows = session.execute(_listing(shown, asked, on), {_ASKING.key: account_id})
    found = [Line(*row) for row in rows]
    return found[:PAGE], len(found) > PAGE


@lru_cache(maxsize=_KEPT)
def _counting(shown: tuple[Shown, ...], on: date) -> CompoundSelect[Any]:
    return union_all(
        *(
            QUEUES[place]
            .waiting(on, scope)
            .with_only_columns(
                literal(place).label("place"),
                *(
                    func.count(case((_is_in(QUEUES[place], view, on), 1))).label(view.value)
                    for view in View
                ),
                # Else the tables that a question joins would be those of its columns alone.
                maintain_column_froms=True,
            )
            for place, scope in shown
        )
    )


@lru_cache(maxsize=_KEPT)
def _listing(shown: tuple[Shown, ...], asked: Asked, on: date) -> Select[Any]:
    # No queue gives more than a page can show: each is read from its beginning, by its index.
    most = asked.page * PAGE + 1
    parts = [_part(each, asked, on, most) for each in shown]
    lines = union_all(*parts).subquery("line")
    whole = select(lines).order_by(*_order(lines.c, asked.order))
    page = whole.limit(PAGE + 1).offset(most - 1 - PAGE).subquery("page")
    accounts, people = (aliased(Account), aliased(Account)), (aliased(Person), aliased(Person))
    (made, has), (maker, holder) = accounts, people
    return (
        select(page, Person.name, Employer.name, maker.name, maker.id, holder.name, holder.id)
        .outerjoin(Person, Person.id == page.c.person_id)
        .outerjoin(Employer, Employer.id == page.c.employer_id)
        .outerjoin(made, made.id == page.c.maker_id)
        .outerjoin(maker, maker.id == made.person_id)
        .outerjoin(has, has.id == page.c.holder_id)
        .outerjoin(holder, holder.id == has.person_id)
        .order_by(*_order(page.c, asked.order))
    )


def find_waiting(
    session: Session, cases: Iterable[tuple[str, str]], on: date, duties: Iterable[Duty]
) -> list[Line]:
    """Return which of some cases, by queue and key, wait for somebody's functions."""
    keys: dict[str, list[str]] = {}
    for name, key in cases:
        keys.setdefault(name, []).append(key)
    parts = [
        _columns(each, on).where(queue.kind.bare["key"].in_(keys[queue.name]))
        for each in _shown(duties)
        if (queue := QUEUES[each[0]]).name in keys
    ]
    return [Line(*row) for row in session.execute(union_all(*parts))] if parts else []


def _shown(duties: Iterable[Duty]) -> tuple[Shown, ...]:
    held = tuple(duties)
    return tuple(
        (place, scope)
        for place, queue in enumerate(QUEUES)
        if (scope := scope_of(held, (queue.function, *queue.also, Function.AUDIT))) is not None
        and (scope := scope.running(*queue.insurances)).regions != frozenset()
    )


def _part(shown: Shown, asked: Asked, on: date, most: int) -> Select[Any]:
    queue = QUEUES[shown[0]]
    part = _columns(shown, on).where(_is_in(queue, asked.view, on))
    order = _order(queue.kind.bare, asked.order, is_one_kind=True)
    return select(part.order_by(*order).limit(most).subquery())


def _columns(shown: Shown, on: date) -> Any:
    place, scope = shown
    queue = QUEUES[place]
    held = _held(queue, CaseHolder.account_id).scalar_subquery()
    return queue.waiting(on, scope).with_only_columns(
        literal(place).label("queue"),
        *queue.kind.columns,
        held.label("holder_id"),
        maintain_column_froms=True,
    )


def _held(queue: Queue, asked: Any) -> Select[Any]:
    """Return the question for who has a line of a queue, beside the line's own question."""
    return select(asked).where(
        CaseHolder.kind == queue.kind.of, CaseHolder.key == queue.kind.bare["key"]
    )


def _is_in(queue: Queue, view: View, on: date) -> Any:
    columns = queue.kind.bare
    if view is View.LATE:
        return columns["due_on"] < on
    if view is View.WEEK:
        sunday = on + timedelta(days=_SUNDAY - on.weekday())
        return and_(columns["due_on"] >= on, columns["due_on"] <= sunday)
    if view is View.MADE:
        return columns["maker_id"] == _ASKING
    held = _held(queue, CaseHolder.key)
    if view is View.MINE:
        return held.where(CaseHolder.account_id == _ASKING).exists()
    return not_(held.exists()) if view is View.NOBODYS else true()


def _order(
    columns: Any, order: Order, *, is_one_kind: bool = False
) -> tuple[ColumnElement[Any], ...]:
    # Days and instants of different kinds compare as texts, which begin alike.
    since = func.coalesce(cast(columns["since_on"], String), cast(columns["since_at"], String))
    if order is Order.SINCE:
        return (since, columns["key"])
    due_on = columns["due_on"]
    if order is Order.KIND and not is_one_kind:
        return (columns["queue"], due_on, since, columns["key"])
    # All of one kind have a last day or none has: its index is read from the nearest on.
    if is_one_kind:
        return (due_on, since, columns["key"])
    return (due_on.is_(None), due_on, since, columns["key"])
