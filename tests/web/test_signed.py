"""Cookies and tokens signed with kept keys are letter by letter those of Flask and Flask-WTF."""

import pytest
from flask import Flask, g, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms.validators import ValidationError

from siweb.web.browser.csrf import csrf_token
from siweb.web.browser.sessions import OfficeSessions

KEPT = {
    "_user_id": "Zm9v",
    "csrf_token": "d033e22ae348aeb5660fc2140aec35850c4da997",
    "_permanent": True,
}


@pytest.fixture
def app():
    app = Flask("signed")
    app.secret_key = "one secret"
    return app


def written(interface, app):
    return interface.get_signing_serializer(app).dumps(KEPT)


def read(app, cookie):
    name = app.config["SESSION_COOKIE_NAME"]
    with app.test_request_context(headers={"Cookie": f"{name}={cookie}"}) as context:
        return dict(OfficeSessions().open_session(app, context.request))


def test_each_reads_what_the_other_wrote(app):
    flasks, ours = SecureCookieSessionInterface(), OfficeSessions()

    assert read(app, written(flasks, app)) == KEPT
    assert flasks.get_signing_serializer(app).loads(written(ours, app)) == KEPT


def test_a_cookie_of_another_secret_or_with_another_sign_is_nobodys(app):
    cookie = written(OfficeSessions(), app)
    changed = ("A" if cookie[3] != "A" else "B").join((cookie[:3], cookie[4:]))

    assert read(app, changed) == {}
    assert read(app, cookie[:-4]) == {}
    app.secret_key = "another"
    assert read(app, cookie) == {}
    app.config["SECRET_KEY_FALLBACKS"] = ["one secret"]
    assert read(app, cookie) == KEPT


def test_a_cookie_older_than_a_session_is_nobodys(app):
    cookie = written(OfficeSessions(), app)
    app.config["PERMANENT_SESSION_LIFETIME"] = -1

    assert read(app, cookie) == {}


def test_a_forms_token_is_the_one_that_flask_wtf_takes(app):
    with app.test_request_context():
        session["csrf_token"] = KEPT["csrf_token"]
        ours = csrf_token()
        assert csrf_token() == ours == generate_csrf()
        validate_csrf(ours)
        g.pop("csrf_token")
        # Of another second it may be another one.
        assert generate_csrf().split(".")[0] == ours.split(".")[0]
        session["csrf_token"] = "f" * 40
        with pytest.raises(ValidationError):
            validate_csrf(ours)


def test_whoever_has_none_yet_is_given_one(app):
    with app.test_request_context():
        validate_csrf(csrf_token())
