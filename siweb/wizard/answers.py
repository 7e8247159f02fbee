"""Save, read and hand in the answers of a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from siweb.db.claim import add_or_find
from siweb.db.prepared import Prepared
from siweb.wizard.definition import Typed
from siweb.wizard.draft import Draft, DraftAnswer, DraftState

# Built once, over the table itself: every step of every form that is answered asks it.
_columns = DraftAnswer.__table__.c
_ANSWERS = Prepared(
    select(_columns.step, _columns.typed, _columns.version).where(
        _columns.draft_id == bindparam("draft_id")
    )
)


class Answer(NamedTuple):
    """One step's answer and how often it was changed."""

    typed: Typed
    version: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody answered the same step meanwhile, in another tab or on another device."""

    there: Answer


def find_draft(
    session: Session, definition: str, subject: tuple[str, int | str], account_id: int
) -> Draft | None:
    """Return the account's draft of a thing, or None."""
    return session.scalar(
        select(Draft).where(
            Draft.definition == definition,
            Draft.subject_kind == subject[0],
            Draft.subject_id == str(subject[1]),
            Draft.account_id == account_id,
        )
    )


def take_over_draft(
    session: Session, definition: str, subject: tuple[str, int | str], *, account_id: int
) -> Draft | None:
    """Return the draft of a thing, to be answered by an account from now on, or None."""
    found = session.scalar(
        select(Draft).where(
            Draft.definition == definition,
            Draft.subject_kind == subject[0],
            Draft.subject_id == str(subject[1]),
        )
    )
    if found is not None:
        found.account_id = account_id
    return found


def open_draft(
    session: Session,
    definition: str,
    subject: tuple[str, int | str],
    *,
    account_id: int,
    at: datetime,
) -> Draft:
    """Return a new draft, or the one that another tab began at the same moment."""
    draft = Draft(
        definition=definition,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        account_id=account_id,
        created_at=at,
    )
    begun = add_or_find(
        session,
        draft,
        lambda: take_over_draft(session, definition, subject, account_id=account_id),
    )
    return begun or draft


def resume_draft(
    session: Session, definition: str, subject_kind: str, *, account_id: int, at: datetime
) -> Draft:
    """Return the account's open draft of a definition, or a new one of something new."""
    found = session.scalar(
        select(Draft)
        .where(
            Draft.definition == definition,
            Draft.account_id == account_id,
            Draft.state == DraftState.OPEN,
        )
        .limit(1)
    )
    if found is not None:
        return found
    subject = (subject_kind, uuid4().hex)
    return open_draft(session, definition, subject, account_id=account_id, at=at)


def read_answers(session: Session, draft: Draft) -> dict[str, Answer]:
    """Return every saved answer by step."""
    rows = _ANSWERS.all(session.connection(), {"draft_id": draft.id})
    return {step: Answer(typed, version) for step, typed, version in rows}


def save_answer(
    session: Session, draft: Draft, step: str, typed: Typed, *, seen: int, at: datetime
) -> Conflict | None:
    """Save a step's answer, or return what stands there when it is newer than what was `seen`.

    `seen` is the version that the form was filled from, 0 when the step was not answered then.
    """
    _lock(session, draft)
    row = session.execute(
        select(DraftAnswer.typed, DraftAnswer.version).where(
            DraftAnswer.draft_id == draft.id, DraftAnswer.step == step
        )
    ).first()
    if row is None:
        session.execute(
            insert(DraftAnswer).values(
                draft_id=draft.id, step=step, typed=typed, version=1, saved_at=at
            )
        )
        return None
    # Sent twice, or typed alike in two tabs: nobody is shown a conflict of two answers that agree.
    if row.typed == typed:
        return None
    if row.version != seen:
        return Conflict(Answer(row.typed, row.version))
    session.execute(
        update(DraftAnswer)
        .where(DraftAnswer.draft_id == draft.id, DraftAnswer.step == step)
        .values(typed=typed, version=row.version + 1, saved_at=at)
    )
    return None


def forget_answers(session: Session, draft: Draft, steps: Sequence[str]) -> None:
    """Drop the answers to steps that no longer apply."""
    if steps:
        session.execute(
            delete(DraftAnswer).where(DraftAnswer.draft_id == draft.id, DraftAnswer.step.in_(steps))
        )


def hand_in(session: Session, draft: Draft, *, at: datetime) -> bool:
    """Mark a draft as submitted; return False when it already was, so that it is done once."""
    result = session.execute(
        update(Draft)
        .where(Draft.id == draft.id, Draft.state == DraftState.OPEN)
        .values(state=DraftState.SUBMITTED, submitted_at=at)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def drop_draft(
    session: Session, definition: str, subject: tuple[str, int | str], *, but_account_id: int
) -> None:
    """Drop an open draft of others with its answers: who answers now sees none of them."""
    draft_ids = select(Draft.id).where(
        Draft.definition == definition,
        Draft.subject_kind == subject[0],
        Draft.subject_id == str(subject[1]),
        Draft.state == DraftState.OPEN,
        Draft.account_id != but_account_id,
    )
    # Before the drafts, which its rows name.
    session.execute(delete(DraftAnswer).where(DraftAnswer.draft_id.in_(draft_ids)))
    session.execute(delete(Draft).where(Draft.id.in_(draft_ids)))


def reopen_drafts(session: Session, subject: tuple[str, int | str]) -> None:
    """Let the answers of a thing be changed and submitted again, whoever's drafts they are."""
    session.execute(
        update(Draft)
        .where(Draft.subject_kind == subject[0], Draft.subject_id == str(subject[1]))
        .values(state=DraftState.OPEN, submitted_at=None)
    )


def _lock(session: Session, draft: Draft) -> None:
    """Let one request at a time change a draft (SQLite has one writer anyway)."""
    session.execute(select(Draft.id).where(Draft.id == draft.id).with_for_update())
