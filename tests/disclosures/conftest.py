"""An office with an example of whatever a route shows, and browsers in every role."""

import pytest
import time_machine
from sqlalchemy import select

from siweb.app import create_app
from siweb.audit.actor import Actor
from siweb.auth.api_tokens import issue_token
from siweb.auth.tables.account import Account
from siweb.auth.tables.mandate import Mandate
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.reviews.tables.review import Review
from siweb.settings import Settings
from siweb.web.database import database
from tests.conftest import NOW
from tests.demonstration import make_demonstration
from tests.disclosures.examples import make_examples
from tests.disclosures.visits import signed_in
from tests.office_secrets import SECRETS
from tests.sign_in import EVERY_FUNCTION


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A demonstration office with one example at least of whatever a route shows."""
    folder = tmp_path_factory.mktemp("disclosures")
    with time_machine.travel(NOW, tick=False):
        make_demonstration(folder)
        settings = Settings(var_dir=folder, **SECRETS, demo=False)
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        with database(app).writers() as session:
            make_examples(session, settings.signing_key())
            session.commit()
        yield app
        database(app).engine.dispose()


@pytest.fixture(scope="module")
def people(office):
    with database(office).readers() as session:
        return session.execute(
            select(Person.id, Person.name, PersonIdentity.number.label("id_number")).join(
                PersonIdentity, PersonIdentity.person_id == Person.id
            )
        ).all()


@pytest.fixture(scope="module")
def staff(office, people):
    return signed_in(office, people[5].id, EVERY_FUNCTION)


@pytest.fixture(scope="module")
def filer(office):
    """The owner of the first employer, and its code."""
    with database(office).readers() as session:
        row = session.execute(
            select(Account.person_id, Employer.uscc)
            .join(Mandate, Mandate.account_id == Account.id)
            .join(Employer, Employer.id == Mandate.employer_id)
            .where(Mandate.kind == "owner", Mandate.revoked_at.is_(None))
            .order_by(Employer.id)
        ).first()
    return signed_in(office, row.person_id), row.uscc


@pytest.fixture(scope="module")
def relative(office):
    """Somebody who helps with a case, and signs in for oneself."""
    with database(office).readers() as session:
        helper = session.scalar(
            select(Account.person_id)
            .join(Review, Review.helper_account_id == Account.id)
            .order_by(Account.id)
        )
    return signed_in(office, helper)


@pytest.fixture(scope="module")
def program(office, filer):
    """A program of the same employer."""
    with database(office).writers() as session:
        employer = session.scalars(select(Employer).where(Employer.uscc == filer[1])).one()
        owner = session.scalars(
            select(Mandate).where(Mandate.employer_id == employer.id, Mandate.kind == "owner")
        ).first()
        _token, secret = issue_token(
            session, employer.id, name="test", scopes=("read", "file", "confirm"),
            expires_on=NOW.date().replace(year=2027), actor=Actor(owner.account_id, None), at=NOW,
        )  # fmt: skip
        session.commit()
    client = office.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client
