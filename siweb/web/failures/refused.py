"""Requests that no view sees: a body that the server's front did not take in, and NUL.

NUL is the one character that nobody types and PostgreSQL does not keep.
"""

from flask import Flask, abort, request

# In the environ of a request: the status with which its body was refused.
REFUSED = "siweb.refused_body"
_NUL = "\0"


def word_refused_body() -> None:
    """Answer in the office's words, and let no view believe that nothing was sent."""
    if (status := request.environ.get(REFUSED)) is not None:
        abort(int(status))


def refuse_nul() -> None:
    """Answer 400 where something typed has a NUL in it; no field has to look for it then."""
    if request.query_string and _has_nul(request.args.to_dict(flat=False)):
        abort(400)
    if request.method != "POST":
        return
    files = [file.filename or "" for file in request.files.values()]
    if _has_nul({**request.form.to_dict(flat=False), "": files}):
        abort(400)


def install(app: Flask) -> None:
    """Look at every request before anything else does."""
    app.before_request(word_refused_body)
    app.before_request(refuse_nul)


def _has_nul(typed: dict[str, list[str]]) -> bool:
    return any(_NUL in name or any(_NUL in text for text in texts) for name, texts in typed.items())
