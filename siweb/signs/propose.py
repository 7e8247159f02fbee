"""Send a list of signs to be checked: what it says is taken in when a second person agreed."""

from typing import Any

from sqlalchemy.orm import Session

from siweb.evidence.papers.labels import in_office_words
from siweb.evidence.papers.paper import Because
from siweb.reviews.tables.sign import SignList
from siweb.signs.actions import TAKE_IN
from siweb.signs.take_in import SignsRefused, Trial
from siweb.tasks.propose import propose
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Doing


def propose_list(
    session: Session, listed: SignList, trial: Trial, paper: Because, doing: Doing
) -> Task:
    """Return the task that takes a list in; `paper` names the letter that it came with.

    :raises SignsRefused: "signs_nothing" when no row of it is new, and what `take_in` raises.
    :raises ProposalRefused: when it waits already.
    """
    # A second person is not asked about a list that would change nothing.
    if not trial.added:
        raise SignsRefused("signs_nothing")
    listed.paper = in_office_words(paper)
    change: dict[str, Any] = {
        "list_id": listed.id,
        "digest": listed.file_digest,
        "source": listed.source,
        "file_name": listed.file_name,
        "counts": {verdict.value: number for verdict, number in trial.counts.items()},
        "own_rows": trial.own_rows,
    }
    return propose(
        session,
        TAKE_IN,
        f"sign_list:{listed.id}",
        change,
        paper,
        region_code=listed.region_code,
        doing=doing,
    )
