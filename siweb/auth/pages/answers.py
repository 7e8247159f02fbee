"""Sentences and answers that the pages of signing in have in common."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from siweb import clock
from siweb.auth.access import visitor
from siweb.auth.credentials.attempt import SignInPaused
from siweb.auth.credentials.end_access import Ended
from siweb.auth.credentials.password import PasswordRefused
from siweb.auth.sign_in import browser
from siweb.auth.sign_in.seal import open_seal
from siweb.web.database import db_session
from siweb.web.language.formats import instant
from siweb.web.views import local_path
from siweb.web.visitor import who


def closed_page() -> tuple[str, int]:
    """Say whom to see: only who holds the right password or code gets here."""
    return render_template("auth/closed.html"), 403


def tell_what_ended(ended: Ended) -> None:
    """Say on the next page what the new password ended, so that a stranger's sign-in is noticed."""
    if ended.sign_ins:
        flash(
            ngettext(
                "%(num)d other sign-in ended: that browser needs the new password.",
                "%(num)d other sign-ins ended: those browsers need the new password.",
                ended.sign_ins,
            )
        )
    if ended.tokens:
        flash(
            ngettext(
                "%(num)d API token of yours ended: issue a new one for your program.",
                "%(num)d API tokens of yours ended: issue new ones for your programs.",
                ended.tokens,
            )
        )


def after_sign_in(asked_for: str | None = None) -> str:
    """Return where to go after a sign-in: staff first prove their second factor.

    `asked_for` is the page that was asked for, where this request does not say it.
    """
    target = way_on(asked_for)
    if who() is None or not browser.settings().asks_second_factor:
        return target
    me = visitor()
    # At once, not at the first page of the desk: the form that was kept comes after it.
    is_asked = me.is_staff and me.proved_at is None
    return url_for("auth.prove_factor", next=target) if is_asked else target


def way_on(asked_for: str | None = None) -> str:
    """Return where to go: to the form that was kept, to the page that was asked for, or home."""
    reference = session.pop("sealed", None)
    if reference and who() is not None:
        found = open_seal(
            db_session(),
            reference,
            visitor().account_id,
            key=browser.signing_key(),
            at=clock.now(),
        )
        if found is not None:
            return url_for("auth.show_kept", reference=reference)
    return local_path(asked_for or request.args.get("next"), url_for("portal.show_home"))


def paused_sentence(paused: SignInPaused) -> str:
    """Return when to try again, and what to do instead."""
    sentence: str = _(
        "Too many failed attempts. You can try again at %(time)s. If you forgot the "
        "password, ask the agency for a new activation code.",
        time=instant(paused.until),
    )
    return sentence


def password_sentence(refused: PasswordRefused) -> str:
    """Return why a new password is refused."""
    sentences: dict[str, str] = {
        "too_short": _("This password is too short. Use at least 8 characters."),
        "too_long": _("This password is too long. Use at most 200 characters."),
        "common": _(
            "This is a common password, or one with a little added, and easily guessed. "
            "Choose another one."
        ),
        "personal": _(
            "This password is part of your ID number, or holds your birth date. Choose another one."
        ),
        "same": _("This is your current password. Choose another one."),
    }
    return sentences[refused.code]


def again(page: Callable[[Any], Any], form: Any) -> str:
    """Return the page of a form that lost its token, with what was typed but for passwords."""
    form.form_errors.append(
        _("The page was open too long, or the browser lost its cookies. Type the password again.")
    )
    return str(page(form))
