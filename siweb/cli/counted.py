"""Numbers with what they count, in the sentences of commands: '1 bill', '2 bills', '0 people'."""

_PLURALS = {"person": "people", "entry": "entries", "case": "cases", "base": "bases"}


def counted(number: int, noun: str) -> str:
    """Return a number with its noun; of several words the last is counted: 'uploaded list'."""
    if number == 1:
        return f"1 {noun}"
    *words, last = noun.split(" ")
    return " ".join([f"{number:,}", *words, _PLURALS.get(last, f"{last}s")])


def were(number: int) -> str:
    """Return the verb that goes with a number."""
    return "was" if number == 1 else "were"


def are(number: int) -> str:
    """Return the verb that goes with a number now."""
    return "is" if number == 1 else "are"
