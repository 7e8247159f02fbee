"""References that people read aloud and type: no character can be taken for another."""

import secrets

# Without 0 O, 1 I L, 2 Z, 5 S, 8 B, U V: 23 characters, 4.52 bits each.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
_LOOKS_LIKE = str.maketrans({" ": None, "-": None, "\u00a0": None, "－": None, "　": None})


def new_reference(length: int = 10) -> str:
    """Return a random reference; 10 characters are 45 bits: unique and unguessed, not secret."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_secret_code() -> str:
    """Return a random code of 20 characters, 90 bits: whoever has it may look."""
    return new_reference(20)


def normalise(typed: str) -> str:
    """Return a typed reference without spaces and hyphens, in capitals, full-width folded."""
    folded = "".join(
        chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char for char in typed.strip()
    )
    return folded.translate(_LOOKS_LIKE).upper()


def grouped(code: str, size: int = 5) -> str:
    """Return the code in groups joined by hyphens, as it is printed."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))
