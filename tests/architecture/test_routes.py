"""Every page says who may open it, and no form is taken without its token."""

import ast
from collections import Counter

import pytest

from siweb.extensions import csrf
from tests.architecture.sources import PACKAGE, files, shown, tree

MARKS = {"public", "signed_in", "duty", "acting_for", "bearer"}
ROUTES = {f"blueprint.{name}" for name in ("route", "get", "post", "put", "patch", "delete")}
# What every page shares is open to everyone: its room stands below auth.
VIEWS = [
    path for path in files(PACKAGE, ".py") if path.name == "views.py" and path.parent.name != "web"
]


@pytest.fixture
def office(build_office, settings):
    office = build_office(settings)
    office.config["WTF_CSRF_ENABLED"] = True
    return office


def rules(office):
    return [rule for rule in office.url_map.iter_rules() if rule.endpoint != "static"]


def name_of(decorator):
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(node)


def marks_of(function):
    """The access marks under the route, and whether one stands directly below it."""
    names = [name_of(decorator) for decorator in function.decorator_list]
    routes = [place for place, name in enumerate(names) if name in ROUTES]
    if not routes:
        return None
    below = names[routes[-1] + 1 :]
    return [name for name in below if name in MARKS], bool(below) and below[0] in MARKS


def test_every_view_is_marked_once_directly_under_its_route():
    marks = {
        f"{shown(path)} {node.name}": marks_of(node)
        for path in VIEWS
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and marks_of(node) is not None
    }

    assert marks
    assert not [view for view, (names, is_next) in marks.items() if len(names) != 1 or not is_next]


def test_every_route_of_the_app_knows_who_may_open_it(office):
    unmarked = [
        rule.rule
        for rule in rules(office)
        if not rule.endpoint.startswith("web.")
        and not hasattr(office.view_functions[rule.endpoint], "access")
    ]

    assert not unmarked


def test_no_address_belongs_to_two_views(office):
    owners = Counter(
        (rule.rule, method) for rule in rules(office) for method in rule.methods - {"OPTIONS"}
    )

    assert not [address for address, number in owners.items() if number > 1]


# What another machine tells: it has no form, its signature is checked (tests/collection).
SIGNED = {"siweb.collection.online.views.take_in"}


def test_no_view_is_excused_from_the_form_token(office):
    assert csrf._exempt_views == SIGNED
    # Programs bring a token in a header, which no other site can make a browser send.
    assert {one.name for one in csrf._exempt_blueprints} == {"api"}


def test_programs_change_nothing_without_a_token(office):
    posts = [
        rule
        for rule in rules(office)
        if rule.endpoint.startswith("api.") and "POST" in rule.methods
    ]

    assert posts
    for rule in posts:
        assert office.view_functions[rule.endpoint].access.startswith("bearer:")


def test_every_post_without_its_token_is_refused(office):
    posts = [rule for rule in rules(office) if "POST" in rule.methods]
    client = office.test_client()

    accepted = []
    for rule in posts:
        values = dict.fromkeys(rule.arguments, "1")
        with office.test_request_context():
            address = office.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
        view = office.view_functions[rule.endpoint]
        if f"{view.__module__}.{view.__name__}" in SIGNED:
            continue
        if rule.endpoint.startswith("api."):
            continue
        if client.post(address).status_code != 400:
            accepted.append(rule.rule)

    assert posts
    assert not accepted
