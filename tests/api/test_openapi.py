"""The document says what the addresses do, and no request that it allows fails."""

import itertools
import json
import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from tests.api.test_filings import hire
from tests.conftest import NOW


def document_of(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json


def test_the_document_is_openapi_3_1_and_names_every_address(client, app):
    document = document_of(client)

    assert document["openapi"].startswith("3.1")
    served = {
        (re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "api.show_openapi"
        for method in rule.methods & {"GET", "POST", "PUT"}
    }
    assert served == {(path, method) for path, one in document["paths"].items() for method in one}


def test_people_can_read_it(client):
    for language, said in (("en", "API reference"), ("zh-Hans", "数据接口说明")):
        page = client.get("/api/v1", headers={"Accept-Language": language})
        assert said in page.text


def test_chinese_pages_say_nothing_in_english(client):
    def words_of(language):
        page = client.get("/api/v1", headers={"Accept-Language": language}).text
        main = re.sub(r"(?s)<(pre|code)>.*?</\1>", "", page.partition("<main")[2])
        return re.findall(r"[a-z]{3,}(?: [a-z]{2,})+", re.sub(r"<[^>]*>", "|", main))

    assert words_of("en")
    assert words_of("zh-Hans") == []


def test_every_description_is_in_the_language_of_the_reader(client):
    def texts_of(value):
        if isinstance(value, list):
            return {text for one in value for text in texts_of(one)}
        if not isinstance(value, dict):
            return set()
        own = {
            text for name, text in value.items()
            if name in {"title", "description", "summary"} and isinstance(text, str)
        }  # fmt: skip
        return own | {text for one in value.values() for text in texts_of(one)}

    english, chinese = (
        texts_of(client.get("/api/v1/openapi.json", headers={"Accept-Language": language}).json)
        for language in ("en", "zh-Hans")
    )

    assert english & chinese == {"YYYY-MM", "YYYY-MM-DD"}


@pytest.mark.parametrize(
    "operation",
    [
        "open_filing",
        "file_sheet",
        "list_filings",
        "show_filing",
        "list_rows",
        "correct_row",
        "check_again",
        "show_totals",
        "show_receipt",
        "confirm_filing",
        "withdraw_filing",
        "delete_draft",
        "list_employees",
        "send_list",
        "show_list",
    ],
)
def test_no_request_fails_on_our_side(app, client, token, program, operation):
    schema = schemathesis.openapi.from_dict(document_of(client))
    schema.app = app
    chosen = [
        one.ok()
        for one in schema.get_all_operations()
        if one.ok().definition.raw["operationId"] == operation
    ]
    draft = program.post("/filings", hire(wage_fen=1000)).json["reference"]
    turns = itertools.cycle((True, False))
    seen = set()

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        # Every second time the filing is there, or nothing behind its address would be tried.
        if "reference" in case.path_parameters and next(turns):
            case.path_parameters |= {"reference": draft, "position": 1}
        headers = dict(program.headers)
        key = (case.headers or {}).get("Idempotency-Key")
        if key is not None:
            headers["Idempotency-Key"] = key
        answer = client.open(
            case.formatted_path.join(["/api/v1", ""]),
            method=case.method,
            query_string={k: str(v) for k, v in (case.query or {}).items()},
            headers=headers,
            **(
                {"data": json.dumps(case.body, default=str), "content_type": "application/json"}
                if operation in {"open_filing", "correct_row", "withdraw_filing"}
                else {}
            ),
        )
        seen.add(answer.status_code)
        assert answer.status_code < 500, answer.text
        described = case.operation.definition.raw["responses"]
        assert str(answer.status_code) in described
        answer.close()

    for one in chosen:
        from hypothesis import given

        given(case=one.as_strategy())(ask)()
    assert chosen
    assert seen
    assert NOW
