"""Forty pages look as they did: on a phone, on a desk, in the dark, in large type, on paper.

`make screenshots` compares them with `looks.txt`, and keeps what differs as pictures to look at;
`SIWEB_ACCEPT_LOOKS=1 make screenshots` takes the new look for the one that is meant.
"""

import os
import re
from pathlib import Path

import pytest

from siweb.registry.find_person import find_person
from siweb.web.database import database
from tests.browser.screenshots.grid import differs, grid_of
from tests.browser.screenshots.views import EMPLOYEE, OWNER, VIEWS

LOOKS = Path(__file__).with_name("looks.txt")
PHONE, DESK, PAPER = (
    {"width": width, "height": height} for width, height in ((360, 640), (1280, 800), (794, 1123))
)
# Each as its own browser: the viewport, what the screen prefers, and the size of type chosen.
MODES = {
    "phone": (PHONE, {}, "normal"),
    "desk": (DESK, {}, "normal"),
    "dark": (PHONE, {"color_scheme": "dark"}, "normal"),
    "large": (PHONE, {}, "large"),
    "paper": (PAPER, {"media": "print"}, "normal"),
}


def kept_looks():
    """Return the grid of every page in every mode, by "mode who address"."""
    looks = {}
    for block in LOOKS.read_text("utf-8").split("\n\n") if LOOKS.exists() else ():
        name, *rows = block.strip().splitlines()
        looks[name] = rows
    return looks


def keep(looks):
    blocks = ("\n".join([name, *rows]) for name, rows in sorted(looks.items()))
    LOOKS.write_text("\n\n".join(blocks) + "\n", "utf-8")


@pytest.fixture
def filled(office, sign_ins):
    """Fill in what the demonstration numbers anew."""
    with database(office).readers() as session:
        person = find_person(session, sign_ins[EMPLOYEE]["id_number"])

    def fill(page, address):
        if "{uscc}" in address and not hasattr(fill, "uscc"):
            page.goto("/employer")
            fill.uscc = re.search(r"/employer/([0-9A-Z]{18})", page.url + page.content())[1]
        return address.format(uscc=getattr(fill, "uscc", ""), person=person)

    return fill


@pytest.mark.parametrize("mode", MODES)
def test_pages_look_as_they_are_meant_to(mode, new_page, sign_ins, filled, tmp_path):
    viewport, media, size = MODES[mode]
    before, now, changed = kept_looks(), {}, []
    for who in dict.fromkeys(who for who, _address in ((OWNER, ""), *VIEWS)):
        page = new_page(viewport=viewport, reduced_motion="reduce")
        if who is not None:
            page.goto("/sign-in")
            page.fill("[name=id_number]", sign_ins[who]["id_number"])
            page.fill("[name=password]", sign_ins[who]["password"])
            page.click("main form button")
            page.wait_for_url(lambda address: "/sign-in" not in address)
        if size == "large":
            page.goto("/preferences/type-size/large")
        if who == OWNER:
            filled(page, "{uscc}")
        # Only now: on paper there is no form to sign in with.
        page.emulate_media(**media)
        for address in (address for shown, address in VIEWS if shown == who):
            page.goto(filled(page, address))
            name = f"{mode} · {who or 'signed out'} · {address}"
            now[name] = grid_of(page)
            if differs(before.get(name, [""]), now[name]):
                changed.append(name)
                page.screenshot(path=tmp_path / f"{len(changed)}.png", full_page=True)
        page.context.close()
    if os.environ.get("SIWEB_ACCEPT_LOOKS"):
        gone = {name for name in before if name.startswith(f"{mode} · ")}
        keep({name: rows for name, rows in before.items() if name not in gone} | now)
        return

    assert not changed, f"they look otherwise; pictures are in {tmp_path}, in this order"
    assert {name for name in before if name.startswith(f"{mode} · ")} == set(now)


def test_the_views_are_forty_and_show_every_audience():
    assert len(set(VIEWS)) == 40
    assert {who is None or who == OWNER or address.startswith("/desk") for who, address in VIEWS} == {
        True, False,
    }  # fmt: skip
