"""The office's bank accounts: only statements of a region's accounts bring money of the region."""

import pytest
from sqlalchemy import func, select

from siweb.auth.tables.appointment import Function
from siweb.collection.tables.payment import Payment
from siweb.registry.codes import AgencyKind
from siweb.registry.tables.agency import Agency
from tests import factories
from tests.collection.assessments.test_pages import text_of
from tests.collection.statements.make_statements import ACCOUNT, entry
from tests.desk.assessments.test_assessments import clock, desk  # noqa: F401 - fixtures
from tests.desk.statements.test_statements import bill, handed_in, staff, work  # noqa: F401 - fixtures
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import appoint, sign_in


def test_the_statement_of_a_stranger_is_imported_when_its_account_is_registered(
    staff,  # noqa: F811
    session,
    sessions,
    tmp_path,
    bill,  # noqa: F811
):
    page = handed_in(staff, sessions, tmp_path, entry(day="2026-08-19"), account="62229999")
    assert "Account 62229999 is not an account of this office" in text_of(staff.get(page))

    typed = {"number": "6222 9999", "bank": "另一银行", **paper("because", "开户许可")}
    assert staff.post("/desk/statements/accounts", data=typed).status_code == 303
    assert "62229999" not in text_of(staff.get("/desk/statements/accounts"))
    check_all(session)
    assert "62229999" in text_of(staff.get("/desk/statements/accounts"))
    staff.post(f"{page}/go-on")
    work(sessions, tmp_path)

    assert session.scalar(select(func.count(Payment.id))) == 1


@pytest.mark.parametrize(
    "typed", [{"number": "", "bank": "x"}, {"number": "1234", "bank": "x"}, {"number": "中文账号五",
    "bank": "x"}, {"number": "12345", "bank": ""}, {"number": "CN62 2200 0000000000", "bank": "x"}]
)  # fmt: skip
def test_an_account_that_is_none_or_registered_is_refused(staff, bill, typed):  # noqa: F811
    typed = typed | paper("because", "开户许可")
    assert staff.post("/desk/statements/accounts", data=typed).status_code == 422


def test_an_account_of_another_region_is_not_shown_here_and_takes_no_statement_of_here(
    staff,  # noqa: F811
    app,
    session,
    sessions,
    tmp_path,
    bill,  # noqa: F811
):
    other = factories.make_region(session, "320100", is_hosted=True).code
    session.commit()
    typed = {
        "number": "62228888",
        "bank": "另一银行",
        "region": other,
        **paper("because", "开户许可"),
    }
    assert staff.post("/desk/statements/accounts", data=typed).status_code == 303
    check_all(session)
    page = handed_in(staff, sessions, tmp_path, entry(day="2026-08-19"), account="62228888")
    assert "Account 62228888 is not an account of this office" in text_of(staff.get(page))

    clerk = factories.make_person(session)
    agency = Agency(
        region_code=bill.region_code, kind=AgencyKind.HRSS, name_zh="机构", name_en="Agency",
        address_zh="", address_en="", phone="12333",
    )  # fmt: skip
    session.add(agency)
    session.flush()
    appoint(session, clerk, Function.FINANCE, agency_id=agency.id)
    client = app.test_client()
    sign_in(client, session, clerk)

    for address in ("/desk/statements", "/desk/statements/accounts"):
        shown = text_of(client.get(address))
        assert "62228888" not in shown
        assert ACCOUNT in shown
    for region in ("", other):
        typed = {"number": "62227777", "bank": "x", "region": region, **paper("because", "x")}
        assert client.post("/desk/statements/accounts", data=typed).status_code == 422
