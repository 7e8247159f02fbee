"""A browser that holds every answer to the few statuses that the office gives, each for one thing.

Whatever a test asks for, and whether or not it looks at the status itself.
"""

from http import HTTPStatus
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

# To programs alone: a browser knows nothing to do with these.
TO_PROGRAMS = frozenset({201, 202, 204, 415})
TO_ALL = frozenset(
    {200, 206, 303, 304, 308, 400, 401, 403, 404, 405, 409, 413, 416, 422, 429, 500, 503}
)


class HeldToMeaning(FlaskClient):
    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        for each in (*answer.history, answer):
            hold(each)
        return answer


def hold(answer: TestResponse) -> None:
    """Refuse a status that is not meant, or not meant for who asked."""
    status, asked = answer.status_code, answer.request
    said = f"{asked.method} {asked.path}: {answer.status}"
    assert status in TO_ALL or (status in TO_PROGRAMS and asked.path.startswith("/api/")), said
    if status == HTTPStatus.NOT_MODIFIED:
        assert {"If-None-Match", "If-Modified-Since"} & set(asked.headers.keys()), said
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        assert answer.headers.get("Allow"), f"{said}, and does not say what is"
    if status == HTTPStatus.SEE_OTHER:
        assert answer.location, said
