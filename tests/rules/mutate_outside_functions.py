"""Change what mutmut leaves alone: the rules' constants, tables and properties.

`python -m tests.rules.mutate_outside_functions [FILE...]` changes one number, truth value, text or
comparison at a time in a copy of the package, runs the tests of that file, and prints the changes
that no test noticed. The words that a person reads (`about` texts) are left alone.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]
RULES = Path("siweb/rules")
PYTEST = ("-m", "pytest", "-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider",
          "--hypothesis-profile=ci")  # fmt: skip
_SWAPPED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}  # fmt: skip


def outside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the statements of module and classes, and the bodies of properties."""
    for node in tree.body:
        yield from _of_statement(node)


def _of_statement(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.ClassDef):
        for inner in node.body:
            yield from _of_statement(inner)
    elif isinstance(node, ast.FunctionDef):
        if any(
            isinstance(each, ast.Name) and each.id == "property" for each in node.decorator_list
        ):
            yield from node.body
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        yield node.value


def changes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Change the tree in one place at a time; yield the line and what was changed."""
    for part in outside_functions(tree):
        unread = {id(docstring) for docstring in _docstrings(part)}
        for node in ast.walk(part):
            if isinstance(node, ast.Constant) and id(node) not in unread:
                yield from _changed_constant(node)
            elif isinstance(node, ast.BinOp) and type(node.op) in _SWAPPED:
                yield from _changed_operator(node)
            elif isinstance(node, ast.Compare) and type(node.ops[0]) in _SWAPPED:
                kept = node.ops[0]
                node.ops[0] = _SWAPPED[type(kept)]()
                yield node.lineno, f"{type(kept).__name__} turned round"
                node.ops[0] = kept


def _docstrings(part: ast.AST) -> Iterator[ast.AST]:
    if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant):
        yield part.value
    for node in ast.walk(part):
        # The second argument of a Table says what it is about.
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Table", "TypeVar"}:
            yield from node.args[1:2] if node.func.id == "Table" else node.args


def _changed_constant(node: ast.Constant) -> Iterator[tuple[int, str]]:
    kept = node.value
    if isinstance(kept, bool):
        node.value = not kept
    elif isinstance(kept, int):
        node.value = kept + 1
    elif isinstance(kept, str):
        node.value = f"XX{kept}"
    else:
        return
    yield node.lineno, f"{kept!r} to {node.value!r}"
    node.value = kept


def _changed_operator(node: ast.BinOp) -> Iterator[tuple[int, str]]:
    kept = node.op
    node.op = _SWAPPED[type(kept)]()
    yield node.lineno, f"{type(kept).__name__} to {type(node.op).__name__}"
    node.op = kept


def runs_of(file: Path) -> Iterator[list[str]]:
    """Yield the runs of pytest that hold a file of the rules, the likeliest to notice first."""
    # The rules' tests need no database, and are quicker without what sets one up.
    rules = ["--noconftest", "--ignore=tests/rules/test_sql_arithmetic.py"]
    own = Path("tests/rules") / f"test_{file.stem}.py"
    if (ROOT / own).exists():
        yield [*rules, str(own)]
    yield [*rules, "tests/rules"]
    if "parameters" in file.parts:
        yield ["tests/cli/packs/test_packs.py"]


def is_noticed(file: Path, text: str) -> bool:
    """Tell whether a test fails when the file holds this text instead of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("siweb", "tests", "docs"):
            (Path(folder) / name).mkdir()
            for inner in (ROOT / name).iterdir():
                (Path(folder) / name / inner.name).symlink_to(inner)
        (Path(folder) / RULES).unlink()
        shutil.copytree(ROOT / RULES, Path(folder) / RULES)
        (Path(folder) / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
        (Path(folder) / file).write_text(text, "utf-8")
        environment = {**os.environ, "PYTHONPATH": folder}
        return any(_fails(folder, environment, run) for run in runs_of(file))


def _fails(folder: str, environment: dict[str, str], run: list[str]) -> bool:
    words = [sys.executable, *PYTEST, *run]
    return (
        subprocess.run(
            words, cwd=folder, env=environment, capture_output=True, check=False
        ).returncode
        != 0
    )


def survivors(file: Path) -> tuple[int, list[str]]:
    """Return how many changes were tried in a file, and those that nothing noticed.

    :raises RuntimeError: when the tests fail without any change.
    """
    own = (ROOT / file).read_text("utf-8")
    if is_noticed(file, own):
        raise RuntimeError(f"the tests of {file} fail as it is")
    tree = ast.parse(own)
    tried = [(line, what, ast.unparse(tree)) for line, what in changes(tree)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        noticed = list(pool.map(lambda each: is_noticed(file, each[2]), tried))
    left = [
        f"{file}:{line}: {what}"
        for (line, what, _), seen in zip(tried, noticed, strict=True)
        if not seen
    ]
    return len(tried), left


def main() -> None:
    """Try every change in the files of the command line, or in all rules."""
    asked = [Path(name) for name in sys.argv[1:]]
    files = asked or sorted(path.relative_to(ROOT) for path in (ROOT / RULES).rglob("*.py"))
    all_tried, all_left = 0, 0
    for file in files:
        tried, left = survivors(file)
        all_tried += tried
        all_left += len(left)
        click.echo("\n".join((f"{file}: {tried - len(left)} of {tried} noticed", *left)))
    click.echo(f"{all_tried - all_left} of {all_tried} changes were noticed.")


if __name__ == "__main__":
    main()
