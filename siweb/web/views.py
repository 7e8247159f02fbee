"""Choices of language and type size, and the signs of life for a proxy."""

import re
from typing import Any

from flask import Blueprint, abort, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from siweb.monitoring.metrics import show_metrics
from siweb.web.language import locale
from siweb.web.language.shown_office import office_name
from siweb.web.serving.ready import show_readiness

blueprint = Blueprint("web", __name__)
_NOT_IN_A_PATH = re.compile(r"[\x00-\x20\x7f-\xa0\\\ud800-\udfff\u2028\u2029]")


def local_path(target: str | None, default: str) -> str:
    r"""Return `target` when it is a path of this site, else `default`: never send people away.

    Browsers take "//" and "/\" for another site's name, and leave out line breaks and tabs before
    they look; a line break would end the header as well.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return default
    return default if _NOT_IN_A_PATH.search(target) else target


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


@blueprint.get("/manifest.webmanifest")
def show_manifest() -> Response:
    """Tell a phone what stands on its home screen: the office's name and icon, its own window."""
    asset: Any = current_app.jinja_env.globals["asset"]
    sizes = {"icon.svg": "any", "icon-180.png": "180x180", "icon-512.png": "512x512"}
    answer = jsonify(
        name=office_name(),
        start_url=url_for("portal.show_home"),
        scope=url_for("portal.show_home"),
        display="minimal-ui",
        background_color="#f7f5f1",
        theme_color="#0c5a6e",
        icons=[{"src": asset(name), "sizes": size} for name, size in sizes.items()],
    )
    answer.mimetype = "application/manifest+json"
    return answer


@blueprint.get("/healthz")
def show_health() -> str:
    # The server's front answers by itself; this is for other servers.
    return "ok"


@blueprint.get("/readyz")
def show_ready() -> ResponseReturnValue:
    return show_readiness()


@blueprint.get("/metrics")
def show_counts() -> ResponseReturnValue:
    return show_metrics()
