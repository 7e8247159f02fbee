"""Whatever stands in an address, a query or a form, no route answers with a failure of ours."""

import logging
import re

import pytest
from sqlalchemy import select

from siweb.auth.tables.account import Account
from siweb.web.forms.fields import PageForm
from tests import factories
from tests.architecture.sources import PACKAGE, files
from tests.sign_in import EVERY_FUNCTION, sign_in

NINES = "9" * 24
# As they stand in an address: numbers beyond every database, what no eye sees, what is no text.
HOSTILE = {
    "nines": NINES,
    "two to the 63rd": "9223372036854775808",
    "line break": "2026-11%0A",
    "nul": "1%00",
    "lone surrogate": "%ED%A0%80",
    "thousands of digits": "9" * 5_000,
}
# What `url_for` takes: a list's links to its other pages must not hand it a query as arguments.
LINKED = {"endpoint", "uscc", "_method", "_external", "_scheme", "_anchor"}
ASKED = re.compile(r'request\.args(?:\.get\(|\[)\s*"(\w+)"')


@pytest.fixture(scope="module")
def query_names():
    sources = "".join(path.read_text("utf-8") for path in files(PACKAGE, ".py"))
    return sorted({*ASKED.findall(sources), *LINKED, "page", "q", "state", "next", "code", "kind"})


@pytest.fixture(scope="module")
def field_names():
    def below(form):
        return {form, *(sub for each in form.__subclasses__() for sub in below(each))}

    unbound = {name for form in below(PageForm) for name in dir(form) if not name.startswith("_")}
    return sorted(
        name
        for name in unbound
        if any(hasattr(getattr(form, name, None), "field_class") for form in below(PageForm))
    )


@pytest.fixture
def clerk(client, session):
    """A browser whose visitor is staff, and owner of an employer."""
    region = factories.make_region(session, "310000")
    employer = factories.make_employer(session, region_code=region.code)
    person = factories.make_person(session, region_code=region.code)
    sign_in(client, session, person, functions=EVERY_FUNCTION)
    account = session.scalars(select(Account).where(Account.person_id == person.id)).one()
    factories.make_mandate(session, account, employer)
    session.commit()
    client.values = {"uscc": employer.uscc, "region": region.code, "city": region.code}
    return client


def addresses(app, method, values, hostile):
    """Every address of a method, its parts hostile but for those that lead into the view."""
    for rule in app.url_map.iter_rules():
        if method not in rule.methods or rule.endpoint == "static":
            continue
        address = re.sub(
            r"<(?:[^:<>]+:)?(\w+)>", lambda part: values.get(part[1], hostile), rule.rule
        )
        yield rule.rule, address


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_no_address_and_no_query_is_a_failure(app, clerk, query_names, hostile, caplog):
    caplog.set_level(logging.ERROR)
    query = "&".join(f"{name}={hostile}" for name in query_names)

    failed = [
        f"{rule} {answer.status_code}"
        for rule, address in addresses(app, "GET", clerk.values, hostile)
        for asked in (address, f"{address}?{query}")
        if (answer := clerk.get(asked, buffered=True)).status_code >= 500
    ]

    assert not failed, caplog.text[-3_000:]


@pytest.mark.parametrize("hostile", ["nines", "line break", "thousands of digits"])
def test_no_form_is_a_failure(app, clerk, field_names, hostile, caplog):
    caplog.set_level(logging.ERROR)
    value = HOSTILE[hostile]
    typed = "2026-11\n" if hostile == "line break" else value

    failed = [
        f"{rule} {answer.status_code}"
        for rule, address in addresses(app, "POST", clerk.values, value)
        if not rule.startswith("/sign-out")
        and (answer := clerk.post(address, data=dict.fromkeys(field_names, typed))).status_code
        >= 500
    ]

    assert field_names
    assert not failed, caplog.text[-3_000:]
