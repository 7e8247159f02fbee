"""Who writes waits for whoever writes now; who reads does not wait for them."""

import pytest
from sqlalchemy import text

from siweb.app import create_app
from siweb.settings import Settings
from siweb.web.database import open_database
from tests.migrated import lay_schema
from tests.office_secrets import SECRETS
from tests.web.serving.conftest import Visit, ask, form

SIGN_INS = 8
BODY = b"id_number=11010519491231002X&password=not+a+short+one"


class Ordered(Visit):
    """A visit that writes down when it was answered."""

    def __init__(self, visit, name, order, then=None):
        self.__dict__.update(visit.__dict__)
        self._name, self._order, self._then = name, order, then

    async def send(self, message):
        await super().send(message)
        if not message.get("more_body", True):
            self._order.append(self._name)
            if self._then:
                self._then()


@pytest.fixture
def office(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'office.sqlite3'}")
    lay_schema(database.engine)
    app = create_app(Settings(var_dir=tmp_path, **SECRETS), database)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    database.engine.dispose()


def test_sign_ins_that_wait_for_the_write_lock_do_not_keep_the_home_page(office, make_front):
    front = make_front(office.wsgi_app, waiting=20, threads=4)
    headers = [
        (b"host", b"localhost"),
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"content-length", str(len(BODY)).encode()),
    ]
    order = []
    # `write` holds the lock until the home page has been answered.
    connection = office.extensions["siweb_database"].engine.connect()
    write = connection.begin()
    connection.execute(text("UPDATE job SET attempts = 0"))
    visits = []
    for _number in range(SIGN_INS):
        visit = form(BODY, path="/sign-in")
        visit.scope["headers"] = headers
        visits.append(Ordered(visit, "sign-in", order))
    home = Visit(headers=[(b"host", b"localhost")])
    visits.append(Ordered(home, "home", order, then=write.rollback))

    ask(front, *visits)
    connection.close()

    assert order == ["home"] + ["sign-in"] * SIGN_INS
    assert visits[-1].status == 200
    assert {visit.status for visit in visits[:-1]} <= {422, 429}
