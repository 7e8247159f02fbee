"""Refuse the one character that nobody types and PostgreSQL does not keep: NUL."""

from flask import Flask, abort, request

_NUL = "\0"


def refuse_nul() -> None:
    """Answer 400 where something typed has a NUL in it; no field has to look for it then."""
    if _has_nul(request.args.to_dict(flat=False)):
        abort(400)
    if request.method == "POST" and _has_nul(request.form.to_dict(flat=False)):
        abort(400)


def install(app: Flask) -> None:
    """Look at every request."""
    app.before_request(refuse_nul)


def _has_nul(typed: dict[str, list[str]]) -> bool:
    return any(_NUL in name or any(_NUL in one for one in said) for name, said in typed.items())
