"""The pages of tokens; only an owner finds them."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import acting, acting_for, actor
from siweb.auth.api_tokens import issue_token, revoke_token, tokens_of
from siweb.filings.api.tokens.forms import SCOPES, TokenForm
from siweb.web.database import db_session

blueprint = Blueprint("tokens", __name__, url_prefix="/employer/<uscc>/tokens")


@blueprint.route("", methods=["GET", "POST"])
@acting_for("owner")
def show_tokens() -> Any:
    """Show the tokens, and issue one; its secret is shown this once."""
    form, secret, session = TokenForm(), None, db_session()
    form.on = clock.today()
    is_good = request.method == "POST" and form.validate()
    if is_good:
        _token, secret = issue_token(
            session,
            acting().employer_id,
            name=form.name.data or "",
            scopes=form.scopes.data or [],
            expires_on=form.expires_on.data,
            actor=actor(),
            at=clock.now(),
        )
        session.commit()
        # Empty again: a second click must not issue a second token of the same name.
        form = TokenForm(None)
    page = render_template(
        "filings/api/tokens/tokens.html",
        form=form,
        secret=secret,
        tokens=tokens_of(session, acting().employer_id),
        scopes=SCOPES,
        today=clock.today(),
    )
    return page if request.method == "GET" or is_good else (page, 422)


@blueprint.post("/<int:token_id>/revoke")
@acting_for("owner")
def revoke(token_id: int) -> Response:
    session = db_session()
    ended = revoke_token(session, acting().employer_id, token_id, actor=actor(), at=clock.now())
    if not ended:
        abort(404)
    session.commit()
    flash(_("The token is ended."))
    return redirect(url_for("tokens.show_tokens"), 303)
