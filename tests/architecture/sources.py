"""The checkout as these tests read it: which files there are, and their syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "siweb"
TEMPLATES = ROOT / "templates"
MIGRATIONS = PACKAGE / "db" / "migrations" / "versions"
# Made on this machine, not part of the project.
MADE = {
    ".git", ".venv", "var", "mutants", "dist", "build", "__pycache__",
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache",
}  # fmt: skip


def files(folder: Path = ROOT, suffix: str = "") -> list[Path]:
    """The project's files below `folder`, in order."""
    return sorted(path for path in _walk(folder) if path.name.endswith(suffix))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in MADE or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from _walk(path)
        elif not path.name.startswith(".coverage"):
            yield path


def shown(path: Path) -> str:
    """A path as it is written in a message."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Every call in a file by its written name (`date.today`, `float`) with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def imported_names(path: Path) -> Iterator[tuple[str, str]]:
    """Every `from module import name` of a file, and `(module, "")` for a plain import."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
