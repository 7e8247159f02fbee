"""An employer whose payroll program has a token."""

import itertools

import pytest
import time_machine

from siweb.audit.actor import Actor
from siweb.auth.api_tokens import SCOPES, issue_token
from tests import factories
from tests.conftest import NOW

_keys = itertools.count(1)


@pytest.fixture
def owner(session):
    person = factories.make_person(session, region_code="310000")
    return factories.make_account(session, person)


@pytest.fixture
def employer(session, owner):
    found = factories.make_employer(session, region_code="310000")
    factories.make_mandate(session, owner, found, "owner")
    return found


@pytest.fixture
def token(session, owner, employer):
    """Issue a token; return its secret."""

    def issued(*scopes, **values):
        given = {"expires_on": NOW.date().replace(year=2027)} | values
        _token, secret = issue_token(
            session,
            employer.id,
            name="工资软件",
            scopes=scopes or SCOPES,
            actor=Actor(owner.id, owner.person_id),
            at=NOW,
            **given,
        )
        session.commit()
        return secret

    return issued


class Program:
    """A payroll program: a client with a token and keys of its own."""

    def __init__(self, client, secret):
        self.client = client
        self.headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}

    def get(self, path):
        return self.client.get(f"/api/v1{path}", headers=self.headers)

    def post(self, path, body=None, key=None, method="POST", **values):
        given = {"json": {} if body is None else body} | values
        headers = self.headers | {"Idempotency-Key": key or f"request-{next(_keys)}"}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **given)

    def put(self, path, body):
        return self.post(path, body, method="PUT")


@pytest.fixture
def program(client, token):
    with time_machine.travel(NOW, tick=False):
        yield Program(client, token())
