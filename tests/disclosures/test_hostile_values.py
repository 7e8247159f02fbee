"""Odd values in every address, query, form and JSON, in every role: no failure of ours.

The addresses are those of the examples, so that the values reach the views and not their 404 only.
"""

import json
import logging
import re
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import select

from siweb.auth.tables.account import Account
from siweb.auth.tables.mandate import Mandate, MandateKind
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.of_kinds import fields_of
from siweb.registry.tables.employer import Employer
from siweb.web.database import database
from siweb.web.forms.fields import PageForm
from tests.architecture.sources import PACKAGE, files
from tests.conftest import NOW
from tests.disclosures.visits import passer_by, signed_in, values_of

# As they are sent in an address or a form: beyond every database, unseen, and no text at all.
HOSTILE = {
    "nines": "9" * 24,
    "two to the 63rd": "9223372036854775808",
    "line break": "2026-11%0A",
    "nul": "1%00",
    "lone surrogate": "%ED%A0%80",
}
# As they are sent in JSON, where an escape makes a lone surrogate of them.
HOSTILE_JSON = {
    "nines": 10**24 - 1,
    "text of nines": "9" * 24,
    "no number": float("nan"),
    "line break": "2026-11\n",
    "nul": "1\0",
    "lone surrogate": "\ud800",
    "list": [[[]]],
    "object": {"\ud800": {}},
    "nothing": None,
    "true": True,
}
ASKED = re.compile(r'(?:request\.args(?:\.get\(|\[)|(?:number|search)_asked\()\s*"([\w-]+)"')
SENT = re.compile(r'(?:request\.form(?:\.get(?:list)?\(|\[)|number_sent\()\s*"([\w-]+)"')
# Who gets in by which mark. A view is asked with each value in this role, once in each of the others.
ROLES = {
    "staff": "duty",
    "owner": "acting_for",
    "viewer": "acting_for",
    "relative": "signed_in",
    "nobody": "public",
}
# These end what the others need.
ENDING = {"auth.sign_out", "auth.end_sign_ins", "auth.send_sign_in"}


def below(form):
    return {form, *(sub for each in form.__subclasses__() for sub in below(each))}


@pytest.fixture(scope="module")
def names():
    """Every name that a view reads from a query or a form."""
    sources = "".join(path.read_text("utf-8") for path in files(PACKAGE, ".py"))
    fields = {
        name
        for form in below(PageForm)
        for name in dir(form)
        if not name.startswith("_") and hasattr(getattr(form, name, None), "field_class")
    }
    return sorted({*ASKED.findall(sources), *SENT.findall(sources), *fields, "page", "q", "next"})


@pytest.fixture(scope="module")
def viewer(office, filer):
    """Somebody who may look at the employer's pages, and not more."""
    with database(office).writers() as session:
        employer = session.scalars(select(Employer).where(Employer.uscc == filer[1])).one()
        account = session.scalars(select(Account).order_by(Account.id.desc())).first()
        session.add(
            Mandate(
                account_id=account.id,
                employer_id=employer.id,
                kind=MandateKind.VIEWER,
                from_on=NOW.date(),
                granted_at=NOW,
            )
        )
        session.commit()
        person_id = account.person_id
    return signed_in(office, person_id)


@pytest.fixture
def role(request):
    return request.node.callspec.params["browser"]


@pytest.fixture
def browser(office, request, staff, filer, viewer, relative):
    found = {"staff": staff, "owner": filer[0], "viewer": viewer, "relative": relative}
    return found.get(request.param) or passer_by(office)


def addresses(office, uscc, method):
    """The first address of each route that has an example; what has none has odd parts."""
    for rule in office.url_map.iter_rules():
        if method not in rule.methods or rule.endpoint in {"static", *ENDING}:
            continue
        parts = {"uscc": uscc, **next(iter(values_of(office, rule.endpoint)), {})}
        address = re.sub(
            r"<(?:[^:<>]+:)?(\w+)>",
            lambda part, parts=parts: str(parts.get(part[1], "ACDE3467")),
            rule.rule,
        )
        yield rule.endpoint, address


def is_own(office, role, endpoint):
    mark = getattr(office.view_functions[endpoint], "access", "public")
    return mark.partition(":")[0] == ROLES[role]


def mixed(names, turn):
    """Every name with one value or another, so that each turn gives it another one."""
    values = list(HOSTILE.values())
    return "&".join(f"{name}={values[(turn + at) % len(values)]}" for at, name in enumerate(names))


@pytest.mark.parametrize("turn", range(len(HOSTILE)))
@pytest.mark.parametrize("browser", ROLES, indirect=True)
def test_no_page_and_no_form_fails(office, browser, role, filer, names, turn, caplog):
    caplog.set_level(logging.ERROR)
    typed, failed = mixed(names, turn), []
    with time_machine.travel(NOW, tick=False):
        for method in ("GET", "POST"):
            for endpoint, address in addresses(office, filer[1], method):
                if turn and not is_own(office, role, endpoint):
                    continue
                body = {"data": typed, "content_type": "application/x-www-form-urlencoded"}
                given = {"query_string": typed} if method == "GET" else body
                answer = browser.open(address, method=method, buffered=True, **given)
                if answer.status_code >= 500:
                    failed.append(f"{method} {endpoint} {answer.status_code}")

    assert not failed, caplog.text[-3_000:]


def bodies(value):
    """JSON in which an odd value stands in each place in turn."""
    for kind in FilingKind:
        row = {field.name: value for field in fields_of(kind)}
        yield {"kind": kind.value, "rows": [row], "defaults": row}
    row = {"name": value}
    yield from (
        {"kind": value, "rows": [row]},
        {"kind": "hire", "rows": value},
        {"kind": "hire", "rows": [value]},
        {"kind": "hire", "rows": [row], "defaults": value, "total": value},
        row,
        value,
        [value],
    )


@pytest.mark.parametrize("value", HOSTILE_JSON.values(), ids=HOSTILE_JSON)
def test_no_program_makes_it_fail(office, program, value, caplog):
    caplog.set_level(logging.ERROR)
    failed = []
    number = 0
    with time_machine.travel(NOW, tick=False):
        for method in ("POST", "PUT"):
            for endpoint, address in addresses(office, "", method):
                if not endpoint.startswith("api."):
                    continue
                for body in bodies(value):
                    number += 1
                    answer = program.open(
                        address,
                        method=method,
                        data=json.dumps(body),
                        content_type="application/json",
                        headers={"Idempotency-Key": f"odd-{id(value)}-{number}"},
                    )
                    if answer.status_code >= 500:
                        failed.append(f"{method} {endpoint} {answer.status_code} {body!r:.200}")

    assert number
    assert not failed, caplog.text[-3_000:]


@pytest.mark.parametrize("turn", range(len(HOSTILE)))
def test_no_query_of_a_program_makes_it_fail(office, program, names, turn, caplog):
    caplog.set_level(logging.ERROR)
    query = mixed(names, turn)
    failed = [
        f"{method} {endpoint} {answer.status_code}"
        for method in ("GET", "POST", "PUT")
        for endpoint, address in addresses(office, "", method)
        if endpoint.startswith("api.")
        for asked in (f"{address}?{query}", f"{address}?kind=hire&{query}")
        if (
            answer := program.open(
                asked,
                method=method,
                data={"file": (BytesIO(b"\0" * 100), "list.csv")} if method == "POST" else {},
                headers={"Idempotency-Key": f"odd {turn} {endpoint}"},
            )
        ).status_code
        >= 500
    ]

    assert not failed, caplog.text[-3_000:]
