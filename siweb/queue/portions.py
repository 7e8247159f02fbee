"""Do a long work in portions, each a transaction of its own, so that others write in between.

SQLite has one writer. What took long in one transaction kept everybody else from writing, and who
had waited for fifteen seconds was sent away. A portion is good by itself: whoever is killed in
between leaves nothing to take back, and the next goes on behind it.
"""

from collections.abc import Callable, Iterator

from sqlalchemy.orm import Session

# The first and the last place of a portion, both of it.
Positions = tuple[int, int]
# So many rows at least and at most: fewer would be commits more than work.
ROWS_A_PORTION = (500, 5_000)
# As long as a portion holds everybody else up: a form, which asks for two seconds at most, may come
# at the worst moment, and find another one waiting. A busy machine gets shorter portions.
SECONDS_A_PORTION = 0.5


def has_one_writer(session: Session) -> bool:
    """Return whether a long transaction keeps everybody else from writing."""
    return session.get_bind().dialect.name == "sqlite"


def first_size() -> int:
    """Return of how many rows the first portion is, before anybody knows how long they take."""
    return ROWS_A_PORTION[0]


def is_many(rows: int) -> bool:
    """Return whether so many rows are more than one portion."""
    return rows > first_size()


def in_portions(
    following: Callable[[int, int], Positions | None], do: Callable[[Positions], float]
) -> Iterator[int]:
    """Do something with rows portion by portion; the caller commits after each.

    `following` finds the next of at most so many rows behind a place; `do` returns for how many
    seconds it kept others from writing. Yields how many rows are through, at most.
    """
    done, last, size = 0, 0, first_size()
    while (portion := following(last, size)) is not None:
        took = do(portion)
        last = portion[1]
        done += size
        yield done
        size = next_size(size, took)


def next_size(size: int, took: float) -> int:
    """Return how many rows take as long as a portion may, after so many took so many seconds."""
    least, most = ROWS_A_PORTION
    # A millisecond at least: a portion of rows that were all refused takes next to nothing.
    return min(max(int(size * SECONDS_A_PORTION / max(took, 0.001)), least), most)
