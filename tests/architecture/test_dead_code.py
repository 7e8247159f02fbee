"""What nothing in the office uses goes: kept by a test alone, it is read and mended for nothing."""

import ast
import re
from collections import Counter

from tests.architecture.sources import MIGRATIONS, PACKAGE, ROOT, TEMPLATES, files, shown, tree

CODE = [path for path in files(PACKAGE, ".py") if path.parent != MIGRATIONS]
# Called by a library, by its name or through a decorator.
CALLED_BY_LIBRARIES = {
    "ensure_sync", "get_id", "handle_startendtag", "bind_field", "list_commands", "load_dialect_impl", "validate", "_init_shared_socket", "domain_instance",
    "dump_payload", "get_signing_serializer", "get_signature", "iter_unsigners", "generate_csrf_token",
}  # fmt: skip
BY_NAME = ("validate_", "process_", "visit_", "_sqlite_", "_postgresql_")


def definitions():
    for path in CODE:
        for node in ast.walk(tree(path)):
            is_defined = isinstance(node, ast.FunctionDef | ast.ClassDef)
            if is_defined and not node.name.startswith("__") and not is_registered(node):
                yield path, node


def is_registered(node):
    """Whether a decorator hands the function to somebody: a route, a command, a hook."""
    plain = {"property", "cached_property", "staticmethod", "classmethod", "contextmanager"}
    names = [ast.unparse(each).partition("(")[0] for each in node.decorator_list]
    return (
        any("." in name and name.rpartition(".")[2] not in {"setter", "cache"} for name in names)
        and not set(names) <= plain
    )


def test_everything_is_used_by_the_office_itself():
    sources = [path.read_text("utf-8") for path in [*CODE, *files(TEMPLATES, ".html")]]
    sources.append((ROOT / "wsgi.py").read_text("utf-8"))
    used = Counter(word for source in sources for word in re.findall(r"\w+", source))

    assert not [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path, node in definitions()
        if used[node.name] == 1
        and node.name not in CALLED_BY_LIBRARIES
        and not node.name.startswith(BY_NAME)
    ]
