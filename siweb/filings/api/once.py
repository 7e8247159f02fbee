"""What a program asks twice is done once: the answer is kept under the key of the request."""

import re
from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.access import token_bearer
from siweb.filings.api.api_answer import ApiAnswer, answer_before, forget_answers, hash_of
from siweb.web.database import db_session
from siweb.web.problems import ApiProblem

_KEY = re.compile(r"[!-~]{8,100}")


def once(do: Callable[[Session], tuple[int, dict[str, Any]]]) -> Response:
    """Do something under the request's key: asked again, it is answered and not done again."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        detail = _("Send an Idempotency-Key of 8 to 100 letters, the same when you ask again.")
        raise ApiProblem(400, "idempotency_key", detail)
    session, token_id, at = db_session(), token_bearer().token_id, clock.now()
    said = hash_of(request.method, request.path, request.get_data())
    forget_answers(session, at=at)
    before = answer_before(session, token_id, key)
    if before is not None:
        if before.request_hash != said:
            raise ApiProblem(422, "key_reused", _("This key was used for another request."))
        return _answer(before.status, before.body)
    status, body = do(session)
    session.add(
        ApiAnswer(
            api_token_id=token_id,
            idempotency_key=key,
            request_hash=said,
            status=status,
            body=body,
            answered_at=at,
        )
    )
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        detail = _("The same is being done at this moment. Ask again.")
        raise ApiProblem(409, "in_progress", detail) from None
    return _answer(status, body)


def _answer(status: int, body: dict[str, Any]) -> Response:
    answer = jsonify(body)
    answer.status_code = status
    return answer
