"""Programs file as the web does: checked row by row, applied once, told what is wrong."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.audit.activity import Activity
from siweb.audit.actor import Channel
from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.mandate import Mandate
from siweb.filings.tables.filing import Filing
from siweb.jobs.worker import run_next_job
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from tests import factories
from tests.api.conftest import Program
from tests.conftest import NOW
from tests.sign_in import sign_in

MAN = factories.make_id_number(date(1990, 5, 1), serial=7001)
HIRE = {
    "id_number": MAN,
    "name": "陈新",
    "hired_on": "2026-11-02",
    "start_month": "2026-11",
    "wage_fen": 900_000,
    "insurances": ["pension", "medical"],
}


def hire(**changed):
    return {"kind": "hire", "rows": [HIRE | changed]}


def problem_of(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == status
    return answer.json


def test_a_filing_goes_from_json_to_the_register(program, session):
    opened = program.post("/filings", hire())

    assert opened.status_code == 201, opened.text
    assert (opened.json["state"], opened.json["good"]) == ("draft", 1)
    reference = opened.json["reference"]
    sent = program.post(f"/filings/{reference}/confirm")
    assert (sent.status_code, sent.json["applied"]) == (200, 1)
    assert sent.json["receipt"]
    assert session.scalar(select(func.count(Enrolment.person_id))) == 2
    assert program.get(f"/filings/{reference}").json == sent.json
    assert [one["reference"] for one in program.get("/filings").json["items"]] == [reference]
    (employee,) = program.get("/roster").json["items"]
    assert (employee["name"], employee["hired_on"]) == ("陈新", "2026-11-02")


def test_what_the_check_finds_is_told_by_row(program):
    reference = program.post("/filings", hire(wage_fen=1000)).json["reference"]

    (row,) = program.get(f"/filings/{reference}/rows").json["items"]

    assert [one["code"] for one in row["findings"]] == [
        "missing_insurance",
        "below_minimum_wage",
        "raised_to_floor",
    ]
    assert "below the floor" in row["findings"][2]["detail"]
    assert row["values"]["wage_fen"] == 1000


def test_everything_that_is_wrong_is_named_by_row_and_field(program, session):
    body = {
        "kind": "hire",
        "rows": [HIRE | {"wage_fen": 9000.5}, HIRE | {"hired_on": "2026-02-30", "salary": 1}],
    }

    found = problem_of(program.post("/filings", body), 422)

    assert {(one["row"], one["field"], one["code"]) for one in found["errors"]} == {
        (1, "wage_fen", "cell_money"),
        (2, "hired_on", "cell_day"),
        (2, "salary", "unknown"),
    }
    assert session.scalar(select(func.count(Filing.id))) == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "fire", "rows": [HIRE]}, "kind"),
        ({"kind": "hire", "rows": []}, "rows"),
        ({"kind": "hire", "rows": [HIRE], "more": 1}, "more"),
        (hire(wage_fen=8000.0), "wage_fen"),
        (hire(wage_fen=True), "wage_fen"),
        (hire(insurances=["dental"]), "insurances"),
        (hire(name="王\x00芳"), "name"),
        ({"kind": "hire", "rows": [{k: v for k, v in HIRE.items() if k != "name"}]}, "name"),
    ],
)
def test_a_wrong_field_is_named(program, body, field):
    found = problem_of(program.post("/filings", body), 422)

    assert [one["field"] for one in found["errors"]] == [field]


def test_the_same_key_is_answered_again_and_done_once(program, session):
    first = program.post("/filings", hire(), key="hires-of-november")
    again = program.post("/filings", hire(), key="hires-of-november")

    assert again.status_code == 201
    assert again.json == first.json
    assert session.scalar(select(func.count(Filing.id))) == 1


def test_a_key_for_another_request_is_refused(program):
    program.post("/filings", hire(), key="hires-of-november")

    found = problem_of(program.post("/filings", hire(name="李雷"), key="hires-of-november"), 422)

    assert found["type"].endswith(":key_reused")


def test_sending_twice_applies_once(program, session):
    reference = program.post("/filings", hire()).json["reference"]
    program.post(f"/filings/{reference}/confirm")

    again = program.post(f"/filings/{reference}/confirm")

    assert again.json["applied"] == 1
    assert session.scalar(select(func.count(Enrolment.person_id))) == 2


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"data": b"{", "content_type": "application/json"}, 400),
        ({"data": b'{"kind": NaN}', "content_type": "application/json"}, 400),
        ({"data": b'{"kind": "\\ud800"}', "content_type": "application/json"}, 400),
        ({"data": b"[" * 100_000, "content_type": "application/json"}, 400),
        ({"data": b"kind=hire", "content_type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_what_is_no_json_is_refused(program, values, status):
    problem_of(program.post("/filings", json=None, **values), status)


def test_a_missing_key_is_refused(program, client):
    answer = client.post("/api/v1/filings", json=hire(), headers=program.headers)

    problem_of(answer, 400)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer siweb_wrong", "Basic dTpw", "Bearer \udcff"]
)
def test_without_a_good_token_nothing_is_told(client, header):
    headers = {"Authorization": header.encode("utf-8", "surrogateescape").decode("latin-1")}
    found = problem_of(client.get("/api/v1/filings", headers=headers), 401)

    assert found["type"].endswith(":token")


def test_a_sign_in_opens_nothing_here(client, session, owner):
    sign_in(client, session, session.get(Person, owner.person_id))

    problem_of(client.get("/api/v1/filings"), 401)


def test_a_scope_allows_what_it_says_and_no_more(program, client, token):
    reader = Program(client, token("read"))

    assert reader.get("/filings").status_code == 200
    problem_of(reader.post("/filings", hire()), 403)


def test_a_token_ends_with_its_day_its_revocation_and_its_issuers_mandate(
    program, client, session, token
):
    past = Program(client, token(expires_on=date(2026, 11, 23)))
    problem_of(past.get("/filings"), 401)
    assert program.get("/filings").status_code == 200
    session.scalars(select(Mandate)).one().revoked_at = NOW
    session.commit()
    problem_of(program.get("/filings"), 401)


def test_when_a_token_was_used_is_noted_and_what_it_did_as_its_issuers(program, session, owner):
    program.post("/filings", hire())

    session.expire_all()
    assert session.scalars(select(ApiToken)).one().last_used_at == NOW
    opened = session.scalars(select(Activity).where(Activity.action == "filing.opened")).one()
    assert (opened.channel, opened.account_id) == (Channel.API, owner.id)


def test_the_use_of_a_token_is_noted_every_five_minutes(program, session):
    noted = []
    for passed in (timedelta(), timedelta(minutes=4, seconds=59), timedelta(minutes=5)):
        with time_machine.travel(NOW + passed, tick=False):
            program.get("/filings")
        session.expire_all()
        noted.append(session.scalars(select(ApiToken.last_used_at)).one() - NOW)

    assert noted == [timedelta(), timedelta(), timedelta(minutes=5)]


def test_filings_of_others_are_not_there(program, session):
    other = factories.make_employer(session)
    from siweb.audit.actor import SYSTEM
    from siweb.filings.drafts.open import open_filing
    from siweb.filings.fields.filing_kind import FilingKind

    theirs = open_filing(session, other.id, FilingKind.HIRE, origin="api", actor=SYSTEM, at=NOW)
    session.commit()

    problem_of(program.get(f"/filings/{theirs.reference}"), 404)
    problem_of(program.post(f"/filings/{theirs.reference}/confirm"), 404)
    assert program.get("/filings").json["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("DELETE", "/filings", 405), ("GET", "/filings?page=0", 422)],
)
def test_every_error_is_a_problem(program, client, method, path, status):
    answer = client.open(f"/api/v1{path}", method=method, headers=program.headers)

    problem_of(answer, status)


def test_a_fault_of_ours_has_a_case_number_and_no_details(program, monkeypatch):
    def fail(*_given, **_named):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("siweb.filings.api.views.add_rows", fail)

    found = problem_of(program.post("/filings", hire()), 500)

    assert "Case number" in found["detail"]
    assert "secret" not in str(found)


def test_a_sheet_is_filed_as_it_is(program, sessions, settings, tmp_path):
    content = (
        f"姓名,公民身份号码,入职日期,月工资,起始缴费月\n陈新,{MAN},2026-11-02,9000,2026-11\n"
    ).encode("gb18030")
    sent = program.post("/filings/file?kind=hire", json=None, data=content)
    assert (sent.status_code, sent.json["is_read"]) == (202, False)
    problem_of(program.post(f"/filings/{sent.json['reference']}/confirm"), 409)
    run_next_job(sessions, "w", secret=settings.signing_key())

    told = program.get(f"/filings/{sent.json['reference']}").json
    assert (told["is_read"], told["good"], told["refusal"]) == (True, 1, None)
    applied = program.post(f"/filings/{told['reference']}/confirm").json
    assert applied["applied"] == 1


@pytest.mark.parametrize(
    ("path", "data"), [("?kind=fire", b"a,b"), ("", b"a,b"), ("?kind=hire", b"")]
)
def test_a_sheet_of_no_kind_or_no_content_is_refused(program, path, data):
    problem_of(program.post(f"/filings/file{path}", json=None, data=data), 422)


def test_a_refused_row_is_sent_anew_and_kept_when_it_is_right(program, session):
    reference = program.post("/filings", hire(start_month="2027-06")).json["reference"]
    row = f"/filings/{reference}/rows/1"

    wrong = problem_of(program.put(row, HIRE | {"start_month": "2027-05"}), 422)
    assert [(one["row"], one["code"]) for one in wrong["errors"]] == [(1, "month_too_late")]
    right = program.put(row, HIRE)

    assert (right.status_code, right.json["state"]) == (200, "good")
    assert right.json["values"]["start_month"] == "2026-11"
    assert program.get(f"/filings/{reference}").json["good"] == 1
    assert program.post(f"/filings/{reference}/confirm").json["applied"] == 1
    assert session.scalar(select(func.count(Enrolment.person_id))) == 2


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (HIRE | {"wage_fen": "many"}, [("wage_fen", "cell_money")]),
        ({"name": "陈新"}, [("id_number", "cell_missing"), ("hired_on", "cell_missing")]),
        ([], [("", "type")]),
    ],
)
def test_a_row_that_does_not_fit_its_kind_names_its_fields(program, body, errors):
    reference = program.post("/filings", hire()).json["reference"]

    found = problem_of(program.put(f"/filings/{reference}/rows/1", body), 422)

    said = {(one["field"], one["code"]) for one in found["errors"]}
    assert said >= set(errors)


def test_only_rows_of_drafts_are_corrected(program):
    reference = program.post("/filings", hire()).json["reference"]
    problem_of(program.put(f"/filings/{reference}/rows/2", HIRE), 404)
    problem_of(program.put(f"/filings/{reference}/rows/{10**30}", HIRE), 404)
    program.post(f"/filings/{reference}/confirm")

    problem_of(program.put(f"/filings/{reference}/rows/1", HIRE), 404)


def test_a_draft_says_what_it_comes_to(program):
    reference = program.post("/filings", hire()).json["reference"]

    found = program.get(f"/filings/{reference}/totals").json

    assert (found["roster"]["rows"], found["roster"]["unknown"]) == (1, 1)
    assert [(one["insurance"], one["people"]) for one in found["bill"]] == [
        ("pension", 1),
        ("medical", 1),
    ]
    assert found["bill"][0]["employee_fen"] == 900_000 * 8 // 100


def test_the_receipt_comes_as_paper_once_there_is_one(program):
    reference = program.post("/filings", hire()).json["reference"]
    problem_of(program.get(f"/filings/{reference}/receipt.pdf"), 404)
    program.post(f"/filings/{reference}/confirm")

    paper = program.get(f"/filings/{reference}/receipt.pdf")

    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
    assert paper.data.startswith(b"%PDF")


def test_the_owner_sees_and_corrects_on_the_web_what_a_program_filed(
    program, client, session, owner, employer
):
    others = [
        HIRE | {"id_number": factories.make_id_number(date(1990, 5, 1), serial=7001 + 2 * n)}
        for n in range(1, 61)
    ]
    others[-1] |= {"start_month": "2027-06"}
    reference = program.post("/filings", {"kind": "hire", "rows": others}).json["reference"]
    sign_in(client, session, session.get_one(Person, owner.person_id))
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = f"/employer/{employer.uscc}/filings/{reference}"

    shown = client.get(page).text
    assert "From a program" in shown
    assert "Send 59 rows" in shown
    assert f"{page}/rows/60" in client.get(f"{page}?state=refused").text
    form = client.get(f"{page}/rows/60")
    assert "2027-06" in form.text
    typed = {
        "name": "陈新",
        "id_number": others[-1]["id_number"],
        "hired_on": "2026-11-02",
        "start_month": "2026-11",
        "wage_fen": "9000",
        "insurances": "养老、医疗",
    }
    corrected = client.post(f"{page}/rows/60", data=typed)

    assert corrected.status_code == 303, corrected.text
    assert "Send 60 rows" in client.get(page).text


def test_what_was_refused_is_checked_again(program, session):
    known = factories.make_person(session, id_number=MAN, name="陈新", region_code="310000")
    elsewhere = factories.make_employer(session, region_code="310000")
    there = factories.make_enrolment(session, known, employer=elsewhere, from_month="2026-01")
    session.commit()
    reference = program.post("/filings", hire()).json["reference"]
    assert program.get(f"/filings/{reference}").json["refused"] == 1
    there.to_month = "2026-10"
    session.commit()

    assert program.post(f"/filings/{reference}/check").json["good"] == 1


def test_a_program_withdraws_what_it_sent_and_deletes_a_draft(program, session):
    reference = program.post("/filings", hire()).json["reference"]
    not_sent = program.post(f"/filings/{reference}/withdraw", {"reason": "wrong person"})
    program.post(f"/filings/{reference}/confirm")

    wrong = program.post(f"/filings/{reference}/withdraw", {"rows": [0]})
    first = program.post(
        f"/filings/{reference}/withdraw", {"reason": "wrong person"}, key="withdraw-1"
    )
    again = program.post(
        f"/filings/{reference}/withdraw", {"reason": "wrong person"}, key="withdraw-2"
    )
    kept = program.post(f"/filings/{reference}/delete")
    draft = program.post("/filings", hire()).json["reference"]
    gone = program.post(f"/filings/{draft}/delete")

    assert (not_sent.status_code, wrong.status_code) == (409, 422)
    assert [answer.json["withdrawn"] for answer in (first, again)] == [1, 1]
    assert (kept.status_code, gone.json["deleted"]) == (409, True)
    assert program.get(f"/filings/{draft}").status_code == 404
