"""Question a month from its own page: the record check is opened with the month ticked."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.reviews.begin.due import DueReview, due_reviews
from siweb.reviews.begin.start import draft_of, start_review
from siweb.reviews.kinds.contact import WRONG
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import Review
from siweb.rules.parameters.pack_set import PackSet
from siweb.wizard.answers import read_answers, save_answer


def find_month_campaign(
    session: Session, month: str, person_id: int, *, packs: PackSet, on: date
) -> DueReview | None:
    """Return the open record check that looks back on a month, or None."""
    return next(
        (
            due
            for due in due_reviews(session, person_id, packs=packs, on=on)
            if due.campaign.kind is ReviewKind.RECORD_CHECK
            and due.campaign.period_from_month <= month <= due.campaign.period_to_month
            # One that waits leads to its own page: words can be added there.
            and (due.is_to_do or due.may_be_repeated or due.is_waiting)
        ),
        None,
    )


def question_month(
    session: Session, due: DueReview, month: str, person_id: int, *, actor: Actor, at: datetime
) -> Review:
    """Return the person's case with the month ticked among those that are questioned.

    What was answered before stays; the other steps are asked as always. The caller commits.
    """
    review = start_review(session, due.campaign, person_id, actor=actor, at=at)
    draft = draft_of(session, due.campaign, review, actor=actor, at=at)
    answers = read_answers(session, draft)
    questions = answers["questions"].typed if "questions" in answers else {}
    ticked = [*questions.get("months", []), month]
    for step, typed in (
        ("months", {"verdict": [WRONG]}),
        # The order of ticking stays, and a month that was ticked before is not there twice.
        ("questions", {**questions, "months": list(dict.fromkeys(ticked))}),
    ):
        seen = answers[step].version if step in answers else 0
        save_answer(session, draft, step, typed, seen=seen, at=at)
    return review
