"""What a program asks twice is done once: the answer is kept under the key of the request."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.filings.tables.api_answer import ApiAnswer, answer_before, forget_answers
from siweb.web.failures.problems import ApiProblem

_KEY = re.compile(r"[!-~]{8,100}")
Answer = tuple[int, dict[str, Any]]


def answer_once(
    session: Session,
    token_id: int,
    key: str,
    request_hash: str,
    do: Callable[[Session], Answer],
    *,
    at: datetime,
) -> Answer:
    """Do something under a key and keep the answer; asked again, answer and do nothing.

    `request_hash` tells one request from another. The caller commits work and answer together.

    :raises ApiProblem: for a key that is none, or that was another request's.
    """
    if not _KEY.fullmatch(key):
        detail = _("Send an Idempotency-Key of 8 to 100 letters, the same when you ask again.")
        raise ApiProblem(400, "idempotency_key", detail)
    # On the way, so that no nightly job is needed for it; what is too old is no answer any more.
    forget_answers(session, at=at)
    before = answer_before(session, token_id, key)
    if before is not None:
        if before.request_hash != request_hash:
            raise ApiProblem(422, "key_reused", _("This key was used for another request."))
        return before.status, before.body
    status, body = do(session)
    session.add(
        ApiAnswer(
            api_token_id=token_id,
            idempotency_key=key,
            request_hash=request_hash,
            status=status,
            body=body,
            answered_at=at,
        )
    )
    try:
        session.flush()
    except IntegrityError:
        # The same key at the same moment:
        # the other request's work stands, and nothing of this one may.
        session.rollback()
        detail = _("The same is being done at this moment. Ask again.")
        raise ApiProblem(409, "in_progress", detail) from None
    return status, body
