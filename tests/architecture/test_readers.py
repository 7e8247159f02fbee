"""What an office can set is obeyed: every key of a pack and every setting has a reader.

A value that nobody reads is worse than none: whoever sets it believes it holds.
"""

import ast
from dataclasses import fields
from itertools import chain

import pytest

from siweb import secret_keys
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.tables import TABLES
from siweb.secret_keys import SECRETS, Secret
from siweb.settings import Settings
from tests.architecture.sources import PACKAGE, files, shown, tree

FORMAT = ("siweb/rules/parameters/tables.py", "siweb/cli/packs/", "siweb/demo/", "siweb/bench/")
"""What describes, draws or makes packs reads nothing of them for anybody."""
READERS = [path for path in files(PACKAGE, ".py") if not shown(path).startswith(FORMAT)]


def texts(path):
    """Every string that stands for itself in a module, its docstrings not."""
    return {
        node.value
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


# Their rows become an object of the same names, whose attributes are read.
AS_OBJECTS = {"payment_year", "retirement"}
KEYS = [
    (table.name, key) for table in TABLES.values() for key in chain(table.values, table.optional)
]
NAMED = [
    (name, row.series[-1])
    for name in ("deadlines", "fines")
    for pack in load_packs().packs.values()
    for row in pack.rows
    if row.table == name
]


@pytest.fixture(scope="module")
def found_texts():
    return {path: texts(path) for path in READERS}


@pytest.fixture(scope="module")
def attributes():
    return {
        node.attr
        for path in READERS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
    }


@pytest.mark.parametrize("table", TABLES)
def test_every_table_of_a_pack_is_looked_up(found_texts, table):
    assert [path for path, words in found_texts.items() if table in words]


def test_every_key_of_a_pack_is_read_where_its_table_is(found_texts, attributes):
    without = [
        (table, key)
        for table, key in KEYS
        if not any(table in words and key in words for words in found_texts.values())
        and not (table in AS_OBJECTS and key in attributes)
    ]

    assert not without


def test_every_period_and_fine_of_a_pack_is_asked_for_by_its_name(found_texts):
    without = sorted(
        {
            (table, name)
            for table, name in NAMED
            if not any(name in words for words in found_texts.values())
        }
    )

    assert NAMED
    assert not without


def test_every_setting_is_read_outside_of_where_it_is_typed(attributes):
    secret = {each.name for each in SECRETS}

    assert not [each.name for each in fields(Settings) if each.name not in attributes | secret]


def test_every_secret_is_a_setting_and_asked_for_by_its_name(found_texts):
    names = {
        value.name: name for name, value in vars(secret_keys).items() if isinstance(value, Secret)
    }
    asked = {
        node.args[0].id
        for path in READERS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "secret"
        and isinstance(node.args[0], ast.Name)
    }

    assert {each.name for each in SECRETS} == set(names)
    assert set(names) <= {each.name for each in fields(Settings)}
    assert {*names.values()} == asked - {"secret"}
