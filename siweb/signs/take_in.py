"""Read a list of signs: tried as often as one likes, and taken in once, after a second look."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.staff.relatives import barred_keys
from siweb.bring_in.read_rows import read_portions
from siweb.db.insert_many import insert_many
from siweb.registry.tables.benefit import LifeSign
from siweb.reviews.tables.sign import Sign, SignKind, SignList, SignListState
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet
from siweb.signs.columns import COLUMNS, missing, places_of
from siweb.signs.match import STATES, Match, Verdict, match_rows

MOST_ROWS = 20_000
"""Rows of one list: longer ones come in parts."""
# Days within which somebody looks at what may end a benefit.
_DAYS_TO_EXAMINE = 10
_SHOWN = 100


class SignsRefused(Refusal):
    """When a list is not taken in.

    "signs_unnamed": its columns are not named; "signs_accepted" before; "signs_nothing" new in it,
    or "signs_new" where it was to be ended for that;
    "signs_too_long"; "signs_gone" or "signs_unreadable" of its file.
    """


@dataclass(slots=True)
class Trial:
    """What a list comes to: how many rows of each verdict, and the first of them with why."""

    counts: Counter[Verdict] = field(default_factory=Counter)
    shown: list[Match] = field(default_factory=list)
    own_rows: int = 0

    @property
    def rows(self) -> int:
        """How many rows the list has."""
        return sum(self.counts.values())

    @property
    def added(self) -> int:
        """How many signs it would add."""
        return sum(self.counts[verdict] for verdict in STATES)


def try_list(
    session: Session,
    listed: SignList,
    file: Path,
    *,
    packs: PackSet,
    on: date,
    own_person_id: int | None = None,
) -> Trial:
    """Return what a list comes to; nothing is kept.

    :raises SheetRefused: when the file as a whole cannot be read.
    :raises SignsRefused: "signs_unnamed", "signs_too_long".
    """
    trial, own = Trial(), set(barred_keys(session, own_person_id, on=on))
    # What somebody has to do something about is shown first.
    urgent: list[Match] = []
    for match in _matches(session, listed, file, packs, on):
        trial.counts[match.verdict] += 1
        trial.own_rows += match.person_id in own
        shown = urgent if match.verdict in (Verdict.EXAMINE, Verdict.PROBLEM) else trial.shown
        if len(shown) < _SHOWN:
            shown.append(match)
    trial.shown = (urgent + trial.shown)[:_SHOWN]
    return trial


def take_in(
    session: Session,
    listed: SignList,
    file: Path,
    *,
    packs: PackSet,
    on: date,
    actor: Actor,
    at: datetime,
) -> int:
    """Keep what is new in a list, and return how much; nothing of it stops anything.

    :raises SheetRefused: when the file as a whole cannot be read.
    :raises SignsRefused: "signs_accepted", "signs_nothing", and what `try_list` raises.
    """
    session.refresh(listed, with_for_update=True)
    if listed.state is not SignListState.DRAFT:
        raise SignsRefused("signs_accepted")
    matches = list(_matches(session, listed, file, packs, on))
    new = [match for match in matches if match.verdict in STATES]
    if not new:
        raise SignsRefused("signs_nothing")
    session.add_all(_sign(listed, match, on, at) for match in new)
    proofs = [match for match in new if match.verdict is Verdict.COUNTS]
    insert_many(
        session,
        LifeSign.__table__,
        ("person_id", "seen_on", "source"),
        ((each.person_id, each.row.values["seen_on"], each.kind.value) for each in proofs),
    )
    listed.state, listed.accepted_at = SignListState.ACCEPTED, at
    listed.checked_by_account_id = actor.account_id
    listed.rows, listed.added = len(matches), len(new)
    session.flush()
    counts = Counter(match.verdict.value for match in matches)
    note_list(session, listed, "sign_list.accepted", actor=actor, at=at, facts=dict(counts))
    return len(new)


def close_list(
    session: Session, listed: SignList, trial: Trial, *, actor: Actor, at: datetime
) -> None:
    """End a list of which nothing is new: what it says was known, or of nobody who draws here.

    One person is enough, since the rows were tried just now and none of them would change anything.

    :raises SignsRefused: "signs_accepted", or "signs_new" where a row says something new.
    """
    session.refresh(listed, with_for_update=True)
    if listed.state is not SignListState.DRAFT:
        raise SignsRefused("signs_accepted")
    if trial.added:
        raise SignsRefused("signs_new")
    listed.state, listed.accepted_at = SignListState.ACCEPTED, at
    listed.checked_by_account_id = actor.account_id
    listed.rows, listed.added = trial.rows, 0
    session.flush()
    counts = {verdict.value: number for verdict, number in trial.counts.items()}
    note_list(session, listed, "sign_list.closed", actor=actor, at=at, facts=counts)


def note_list(
    session: Session,
    listed: SignList,
    action: str,
    *,
    actor: Actor,
    at: datetime,
    facts: dict[str, int] | None = None,
) -> None:
    """Note in the activity log that somebody handed a list in, saw its rows, or took it in."""
    record_activity(
        session, action, actor=actor, at=at, subject=("sign_list", listed.id), facts=facts or {}
    )


def _matches(
    session: Session, listed: SignList, file: Path, packs: PackSet, on: date
) -> Iterator[Match]:
    if not listed.layout or missing(listed.layout, listed.kind):
        raise SignsRefused("signs_unnamed")
    parameters = packs.parameters(listed.region_code, month_of(on))
    of_life = [kind.value for kind in SignKind if kind.is_of_life]
    counting = [kind for kind in of_life if parameters.counts_as_certification(kind)]
    seen: set[tuple[int, SignKind, date]] = set()
    count = 0
    has_kind = "kind" in listed.layout["columns"]
    columns = [column for column in COLUMNS if has_kind or column.name != "kind"]
    for portion in read_portions(file, columns, places_of(listed.layout)):
        count += len(portion)
        if count > MOST_ROWS:
            raise SignsRefused("signs_too_long")
        for row in portion:
            if not has_kind and listed.kind is not None:
                row.values["kind"] = listed.kind.value
        yield from match_rows(
            session, portion, listed.region_code, counting=counting, on=on, seen=seen
        )


def _sign(listed: SignList, match: Match, on: date, at: datetime) -> Sign:
    return Sign(
        region_code=listed.region_code,
        person_id=match.person_id,
        kind=match.kind,
        seen_on=match.row.values["seen_on"],
        list_id=listed.id,
        row_number=match.row.number,
        remark=match.row.get("remark") or "",
        name_agrees=match.name_agrees,
        state=STATES[match.verdict],
        due_on=on + timedelta(days=_DAYS_TO_EXAMINE),
        recorded_at=at,
    )
