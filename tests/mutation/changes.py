"""The small changes of a file's functions: a boundary, a guard, a sign, a condition of a query."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARED = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">",
    ast.Eq: "!=", ast.NotEq: "==", ast.Is: "is not", ast.IsNot: "is",
    ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
COMPUTED = {ast.Add: "-", ast.Sub: "+", ast.Mult: "//", ast.FloorDiv: "*", ast.Mod: "//"}
FILTERS = {"where", "filter", "and_", "or_"}


@dataclass(frozen=True)
class Change:
    """One change of a file: from which character to which, what stands there then, and where."""

    start: int
    end: int
    text: str
    line: int
    about: str

    def apply(self, source: str) -> str:
        return source[: self.start] + self.text + source[self.end :]


class Changes:
    """All changes of a file's functions."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tree = ast.parse(source)
        lines = source.splitlines(keepends=True)
        self._starts = [0]
        for line in lines:
            self._starts.append(self._starts[-1] + len(line))
        self._lines = lines

    def all(self) -> list[Change]:
        functions = [n for n in ast.walk(self.tree) if isinstance(n, ast.FunctionDef)]
        found = {
            change
            for function in functions
            for statement in function.body
            for node in ast.walk(statement)
            for change in self._of(node)
        }
        return sorted(found, key=lambda change: (change.start, change.end, change.text))

    def _of(self, node: ast.AST) -> Iterator[Change]:
        if isinstance(node, ast.Compare):
            yield from self._between(
                [node.left, *node.comparators], [COMPARED[type(op)] for op in node.ops], node
            )
        elif isinstance(node, ast.BinOp) and type(node.op) in COMPUTED:
            yield from self._between([node.left, node.right], [COMPUTED[type(node.op)]], node)
        elif isinstance(node, ast.BoolOp):
            other = "or" if isinstance(node.op, ast.And) else "and"
            yield from self._between(node.values, [other] * (len(node.values) - 1), node)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield self._put(node, self._text(node.operand), "not dropped")
        elif isinstance(node, ast.If | ast.IfExp):
            yield self._put(node.test, "False", "guard never holds")
            yield self._put(node.test, "True", "guard always holds")
        elif isinstance(node, ast.Constant):
            yield from self._constant(node)
        elif isinstance(node, ast.Call) and self._is_filter(node):
            yield from self._without_argument(node)

    def _constant(self, node: ast.Constant) -> Iterator[Change]:
        if isinstance(node.value, bool):
            yield self._put(node, str(not node.value), f"{node.value} turned")
        elif isinstance(node.value, int):
            yield self._put(node, str(node.value + 1), f"{node.value} plus one")

    @staticmethod
    def _is_filter(node: ast.Call) -> bool:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        return (name or getattr(node.func, "id", "")) in FILTERS and len(node.args) > 1

    def _without_argument(self, node: ast.Call) -> Iterator[Change]:
        for place, argument in enumerate(node.args):
            rest = [self._text(each) for each in node.args if each is not argument]
            start, end = self._at(node.args[0])[0], self._at(node.args[-1])[1]
            yield Change(
                start, end, ", ".join(rest), argument.lineno, f"condition {place + 1} dropped"
            )

    def _between(
        self, operands: list[ast.expr], signs: list[str], node: ast.AST
    ) -> Iterator[Change]:
        for left, right, sign in zip(operands, operands[1:], signs, strict=False):
            start, end = self._at(left)[1], self._at(right)[0]
            between = self.source[start:end]
            # Brackets of the operands stay: only the sign between them is another.
            core = between.strip("() \n\t")
            if core and "#" not in between:
                at = start + between.index(core)
                yield Change(at, at + len(core), sign, left.end_lineno or 0, f"{core} to {sign}")

    def _put(self, node: ast.AST, text: str, about: str) -> Change:
        start, end = self._at(node)
        return Change(start, end, text, node.lineno, about)  # type: ignore[attr-defined]

    def _text(self, node: ast.AST) -> str:
        start, end = self._at(node)
        return self.source[start:end]

    def _at(self, node: ast.AST) -> tuple[int, int]:
        return (
            self._offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self._offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def _offset(self, line: int, column: int) -> int:
        # Columns are counted in bytes of UTF-8.
        text = self._lines[line - 1].encode("utf-8")[:column].decode("utf-8")
        return self._starts[line - 1] + len(text)
