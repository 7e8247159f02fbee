"""What a program is told when something is wrong: application/problem+json (RFC 9457)."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Response

API_PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"


class ApiProblem(Exception):
    """An answer that says what is wrong; `errors` are {"row", "field", "code", "detail"}."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[dict[str, Any]] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}

    def answer(self) -> Response:
        """Return the answer."""
        return problem(
            self.status, self.code, self.detail, errors=self.errors, headers=self.headers
        )


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[dict[str, Any]] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """Return a problem document; `code` never changes, `detail` is for people."""
    document: dict[str, Any] = {
        "type": f"urn:siweb:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        document["errors"] = list(errors)
    text = json.dumps(document, ensure_ascii=False)
    return Response(text, status, headers, content_type=MEDIA_TYPE)
