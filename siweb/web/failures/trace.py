"""Where a failure came from, fit for a log: code and kinds of errors, never their messages."""

import traceback
from collections.abc import Iterator


def failure_trace(error: BaseException) -> str:
    """Return the lines of code that led to an error and to its causes, the first cause first.

    The messages are left out: a database's or a parser's quotes what a person typed.
    """
    return "\n".join(part for cause in reversed(list(_chain(error))) for part in _lines(cause))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or (
            None if following.__suppress_context__ else following.__context__
        )


def _lines(error: BaseException) -> Iterator[str]:
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    yield f"{type(error).__module__}.{type(error).__qualname__}"
