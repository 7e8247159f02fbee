"""Lengths of the law that pages name come from the packs: another notice, another number."""

from siweb.audit.actor import SYSTEM
from siweb.pensions.place import place_of
from siweb.registry.packs.import_packs import import_packs
from siweb.rules.benefits.paying_place import Stay
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.read import read_pack
from tests.conftest import NOW
from tests.pensions.conftest import REGION
from tests.rules.packs import row

HOME = "/pension"


def deadline(name, length, unit):
    values = {
        "name": f'"{name}"', "length": length, "unit": f'"{unit}"', "moves": "false",
        "rule": '"某人社发〔2026〕9号"',
    }  # fmt: skip
    return row("deadlines", values)


def test_pages_name_the_lengths_of_the_pack_in_force(me, session, person):
    own = load_packs().packs[REGION].text
    rows = (
        deadline("early_retirement_notice", 4, "months"),
        deadline("pension_application", 12, "working_days"),
        deadline("transfer_step", 9, "working_days"),
    )
    pack, problems = read_pack("\n".join((own, *rows)), f"{REGION}.toml")
    assert not problems
    import_packs(session, [pack], actor=SYSTEM, at=NOW)
    session.commit()

    assert "decides within 12 working days" in me.get(HOME).text
    case = me.post(f"{HOME}/start").location.rpartition("/")[0]
    assert "asked for 4 months ahead" in me.get(f"{case}/month").text
    assert (
        "for its step each agency has 9 working days, 27 working days in all"
        in me.get("/transfer").text
    )


def test_nobody_is_told_a_place_while_no_pack_says_how_many_months_it_needs():
    stays = (Stay("31", 150, "2026-10"), Stay("32", 20, "2001-12"))

    assert place_of(REGION, stays, None, None) is None
    assert place_of(REGION, stays, None, 180)["why"] == "unknown"
