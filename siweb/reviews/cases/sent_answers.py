"""What a person answered, as they checked it before sending: for whoever decides the case."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds.definitions import DEFINITIONS
from siweb.wizard.answers import Answer
from siweb.wizard.definition import Line
from siweb.wizard.draft import Draft, DraftAnswer, DraftState
from siweb.wizard.progress import progress


def sent_answers(session: Session, facts: ReviewFacts) -> list[Line]:
    """Return every answer of a sent case with its question; one statement."""
    rows = session.execute(
        select(Draft.definition, DraftAnswer.step, DraftAnswer.typed, DraftAnswer.version)
        .join(DraftAnswer, DraftAnswer.draft_id == Draft.id)
        .where(
            Draft.subject_kind == "review",
            Draft.subject_id == str(facts.review.id),
            Draft.state == DraftState.SUBMITTED,
        )
    ).all()
    if not rows:
        return []
    facts.by_relative = facts.review.helper_name is not None
    answers = {step: Answer(typed, version) for _name, step, typed, version in rows}
    state = progress(DEFINITIONS[rows[0].definition], facts, answers)
    forms = [state.forms[step.name] for step in state.steps if step.name in state.forms]
    return [line for form in forms for line in form.lines()]
