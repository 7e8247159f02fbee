"""Choices of language and type size, and the sign of life for a proxy."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from siweb.web.language import locale

blueprint = Blueprint("web", __name__)


def local_path(target: str | None, default: str) -> str:
    """Return `target` when it is a path of this site, else `default`: never send people away."""
    if not target:
        return default
    parts = urlsplit(target)
    is_local = not parts.scheme and not parts.netloc and target.startswith("/")
    return target if is_local and not target.startswith(("//", "/\\")) else default


@blueprint.get("/preferences/language/<choice>")
def choose_language(choice: str) -> Response:
    if choice not in locale.LOCALES:
        abort(404)
    return _remember(locale.LANGUAGE_COOKIE, choice)


@blueprint.get("/preferences/type-size/<choice>")
def choose_type_size(choice: str) -> Response:
    if choice not in locale.TYPE_SIZES:
        abort(404)
    return _remember(locale.TYPE_SIZE_COOKIE, choice)


def _remember(cookie: str, choice: str) -> Response:
    target = local_path(request.args.get("next"), url_for("portal.show_home"))
    return locale.remember(redirect(target, 303), cookie, choice)  # type: ignore[arg-type]


@blueprint.get("/healthz")
def show_health() -> str:
    return "ok"
