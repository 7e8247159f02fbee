"""Periods of the law in sentences: a pack that says another number is what people read."""

from flask_babel import force_locale

from siweb.audit.actor import SYSTEM
from siweb.registry.packs.import_packs import import_packs
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.packs.legal_periods import legal_period, paying_place_period
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.read import NATIONAL, read_pack
from tests.conftest import NOW

GUIDE = "/guides/thirty-days"
LONGER = """
[[deadlines]]
name = "employee_registration"
effective_from = "2026-01"
published_on = 2025-12-31
notice = "示范通知"
confidence = "demonstration"
length = 45
unit = "days"
moves = true
rule = "示范"

[[late_fee]]
effective_from = "2026-01"
published_on = 2025-12-31
notice = "示范通知"
confidence = "demonstration"
daily_rate = "0.07"
capped = false
day_count = "through_payment"
rounding = "half_up_fen"

[[assessment]]
effective_from = "2026-01"
published_on = 2025-12-31
notice = "示范通知"
confidence = "demonstration"
rate = "120"
scope = "insurance"
last_month = "paid"

[[fines]]
name = "art84"
effective_from = "2026-01"
published_on = 2025-12-31
notice = "示范通知"
confidence = "demonstration"
least = 2
most = 5
unit = "times"
rule = "示范"
"""


def put_in_force(session):
    text = load_packs().packs[NATIONAL].text + LONGER
    pack, problems = read_pack(text, "cn.toml")
    assert not problems, problems
    import_packs(session, [pack], actor=SYSTEM, at=NOW)
    session.commit()


def test_pages_name_the_days_of_the_pack_in_force(client, session):
    assert "30日内为职工办理" in client.get(GUIDE).text
    put_in_force(session)

    assert "45日内为职工办理" in client.get(GUIDE).text
    english = client.get(GUIDE, headers={"Accept-Language": "en"}).text
    assert "each new employee within 45 days from the first day" in english
    # The employer's own registration is another period.
    assert "registers within 30 days of its founding" in english


def test_pages_name_the_rates_and_fines_of_the_pack_in_force(client, session):
    page = client.get(GUIDE).text
    assert all(said in page for said in ("欠费的0.05%", "缴费额的110%", "1倍以上3倍以下"))
    assert "处500元以上3,000元以下" in page
    put_in_force(session)

    page = client.get(GUIDE).text
    assert all(said in page for said in ("欠费的0.07%", "缴费额的120%", "2倍以上5倍以下"))
    other = "/guides/who-pays-and-when-benefits-come"
    english = client.get(other, headers={"Accept-Language": "en"}).text
    assert "costs 0.07 % of the arrears a day" in english


def test_the_least_time_for_a_pension_is_that_of_the_pack_and_its_steps(client):
    page = client.get("/guides/who-pays-and-when-benefits-come").text

    assert "累计缴费满15年的" in page
    assert "从2030年起，最低缴费年限由15年每年提高6个月，到2039年起为20年。" in page


def test_a_paper_that_no_request_asks_for_says_the_same(app, session):
    put_in_force(session)
    packs_in_force(session)

    with app.app_context(), force_locale("zh_Hans"):
        said = [str(legal_period(name)) for name in ("employee_registration", "lawsuit")]
        working = str(legal_period("arrears_payment"))
        place = str(paying_place_period())

    assert said == ["45日", "6个月"]
    assert working == "5个工作日"
    assert place == "10年"
