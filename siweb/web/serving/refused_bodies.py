"""Word the refusal of a body that the server's front did not take in."""

from flask import Flask, abort, request

# In the environ of a request: the status with which its body was refused.
REFUSED = "siweb.refused_body"


def word_refused_body() -> None:
    """Answer in the office's words, and let no view believe that nothing was sent."""
    if (status := request.environ.get(REFUSED)) is not None:
        abort(int(status))


def install(app: Flask) -> None:
    """Look before anything else does."""
    app.before_request(word_refused_body)
