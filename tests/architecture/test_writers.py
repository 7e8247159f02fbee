"""Every table has a writer outside the demonstration: what only made-up data fills is no office."""

import ast

from siweb import schema
from siweb.db.base import Base
from tests.architecture.sources import MIGRATIONS, PACKAGE, files, shown, tree

assert schema.metadata.tables
# What measures, makes demonstrations or the schema itself is no way into a real office.
_NO_OFFICE = (PACKAGE / "demo", PACKAGE / "bench", MIGRATIONS)
CODE = [
    path
    for path in files(PACKAGE, ".py")
    if not any(folder in path.parents for folder in _NO_OFFICE)
]
MODELS = {mapper.class_.__name__: mapper.local_table.name for mapper in Base.registry.mappers}
INSERTS = {"insert", "insert_many", "bulk_insert_mappings"}
# Filled when an office came over from an earlier version, and never again.
WITHOUT = {"former_head"}


def aliases(module):
    """By name what a file calls a model or its table."""
    found = {name: name for name in MODELS}
    for node in ast.walk(module):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=False)
            for name, value in pairs:
                models = models_in(value, found)
                if isinstance(name, ast.Name) and len(models) == 1:
                    found[name.id] = models.pop()
    return found


def models_in(node, names):
    return {
        names[each.id] for each in ast.walk(node) if isinstance(each, ast.Name) and each.id in names
    }


def written_in(path):
    """The models of which a file adds rows: made and added, or named in an INSERT."""
    module = tree(path)
    names = aliases(module)
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name in MODELS:
            yield name
        elif name in INSERTS:
            for argument in node.args[:2]:
                yield from models_in(argument, names)


def test_every_table_has_a_writer():
    written = {MODELS[name] for path in CODE for name in written_in(path)}

    assert set(MODELS.values()) - written == WITHOUT


def test_the_demonstration_is_not_counted():
    assert not [shown(path) for path in CODE if "demo" in path.parts]
