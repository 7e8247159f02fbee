"""What holds for every page of the office, whoever looks at it."""

import gzip
import re
from pathlib import Path

import pytest

from siweb.desk.home.views import FORMER_NAMES

TEMPLATES = Path(__file__).parents[2] / "templates"
MOST_STATEMENTS = 8
MOST_BYTES = 8 * 1024
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dX](?![\dA-Z])")
# These lead on to a page, or are asked for by a script.
ON_THE_WAY = {
    *(f"desk.{name}" for name in FORMER_NAMES),  # lead to a part of the table: tests/desk
    "web.choose_language",
    "web.choose_type_size",
    "web.show_counts",  # for programs: tests/monitoring
    "web.show_health",
    "proof.send_keys",  # for programs: tests/documents/proof
    "proof.send_revocations",
    "web.show_manifest",
    "web.show_ready",
    "auth.stay_signed_in",
    "auth.show_kept",
    "assessments.send_notice",  # of a case that two people decided: tests/collection
    "assessment_desk.send_notice",
}
# Frames of others, and what only shows once something ended or failed: a sign-in (tests/browser),
# a life (tests/auth), a cookie (tests/web), the log of who looked (tests/audit).
FRAMES = {
    "layouts/desk.html",
    "desk/_case.html",
    "desk/people/_person.html",
    "desk/employers/_employer.html",
    "ledgers/month.html",
    "wizard/step.html",
    "portal/guides/guide.html",
    "auth/kept.html",
    "auth/closed.html",
    "web/lost_form.html",
    "disclosures/not_noted.html",
}


def faults(pages, is_wrong):
    return sorted({f"{page}: {wrong}" for page in pages if (wrong := is_wrong(page))})


def test_every_view_that_is_looked_at_was_looked_at(walked_office, seen):
    views = {
        rule.endpoint
        for rule in walked_office.url_map.iter_rules()
        if "GET" in rule.methods
        and rule.endpoint != "static"
        # What programs ask is no page; tests/api holds it.
        and not getattr(walked_office.view_functions[rule.endpoint], "access", "").startswith(
            "bearer:"
        )
    }

    assert views - ON_THE_WAY - {page.endpoint for page in seen} == set()


def test_every_template_of_a_page_was_drawn(seen):
    templates = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if '{% extends "' in path.read_text("utf-8")
    }

    assert templates - FRAMES - {name for page in seen for name in page.templates} == set()


def test_no_page_fails(pages):
    assert not faults(pages, lambda page: page.status >= 500 and page.status)


def test_every_link_of_the_office_leads_somewhere(pages):
    expected = {"/no-such-page", "/verify/ABCDEFGHJKMNPQRSTVWX"}

    assert not faults(
        pages, lambda page: page.status in (403, 404) and page.address not in expected
    )


def test_no_page_runs_more_than_eight_statements(pages):
    # What is shown once and never again, or tries an action, is the action itself: no page after it.
    actions = {
        "auth.set_up_factor",
        "correction_desk.preview",
        "identity_desk.preview",
        "merging_desk.preview",
        "staff_desk.give_set_up_code",
        "separating_desk.preview",
        "phone_desk.give_code",
    }
    # A list that is handed in is tried whatever becomes of it.
    tried = {"benefit_desk.hand_in_list", "sign_desk.show_list", "sign_desk.send_list"}
    assert not faults(
        [
            page
            for page in pages
            if page.endpoint not in tried and (page.status != 200 or page.endpoint not in actions)
        ],
        lambda page: len(page.statements) > MOST_STATEMENTS and len(page.statements),
    )


def test_every_page_is_light(pages):
    assert not faults(pages, lambda page: len(gzip.compress(page.body)) > MOST_BYTES)


@pytest.mark.parametrize(
    ("rule", "is_wrong"),
    [
        ("has one main heading", lambda read: read.headings.count(1) != 1),
        ("says its language", lambda read: read.language is None),
        ("uses an id once", lambda read: [one for one, n in read.ids.items() if n > 1]),
        ("labels every field", lambda read: read.unlabelled),
        ("has nothing inline", lambda read: read.inline),
        ("keeps ID numbers out of links", lambda read: ID_NUMBER.findall(" ".join(read.pages))),
        ("leads somewhere", lambda read: not read.pages),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_every_page(pages, rule, is_wrong):
    assert not faults(pages, lambda page: is_wrong(page.read))


def test_every_page_but_the_first_has_a_way_back(pages):
    # From the desk's first page the name of the office leads home, as from every page.
    homes = {"portal.show_home", "desk.show_desk"}

    assert not faults(
        pages,
        lambda page: (
            page.endpoint not in homes and page.status < 400 and b'class="back"' not in page.body
        ),
    )
