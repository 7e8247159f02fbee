"""The office's secrets, named here and nowhere else.

Each comes from outside (the environment, a secret store) or stands in a file of its own that only
its owner reads. None is ever in the database: whoever holds that holds no key to it.
"""

import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_OWNER_ONLY = 0o600
_OTHERS = 0o077


class SecretFault(ValueError):
    """A secret is not there, or others can read it; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret: its setting and its file bear its name."""

    name: str
    purpose: str
    # Whose work it did before it was one of its own: an older office goes on with that.
    once: str | None = None
    # What was written with it is lost with it: made with a new office, and never again by itself.
    must_be_kept: bool = False


SESSION = Secret("secret_key", "cookies, forms kept over a sign-in's end, codes, counted tries")
PAPER = Secret("paper_key", "verification codes of papers", once=SESSION.name)
PROOF = Secret("proof_key", "signs papers; the key in use first, those before it after commas")
CHAIN = Secret("chain_key", "the activity log's chain; one on every machine, old ones after commas")
# What once was another's work stands before it: a new office makes each by itself.
SEAL = Secret("seal_key", "seals over the books of a day")
FIELD = Secret(
    "field_key",
    "seals ID numbers and second factors; newest first, commas between",
    must_be_kept=True,
)
DIGEST = Secret("digest_key", "digests by which ID numbers are found", must_be_kept=True)
SECRETS = (PAPER, PROOF, SEAL, SESSION, CHAIN, FIELD, DIGEST)


def make_secret(secret: Secret, folder: Path, new: Callable[[], str] | None = None) -> None:
    """Make the file of a secret where there is none, readable by its owner whatever the umask.

    An older office's secret that did this work before is taken over instead.
    """
    path = folder / secret.name
    if path.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    before = folder / secret.once if secret.once else None
    if before is not None and before.exists():
        value = _read(before)
    else:
        value = new() if new else secrets.token_urlsafe(48)
    # Whole from the first moment: of two processes that start at once, one reads the other's.
    beside = folder / f".{secret.name}-{secrets.token_hex(8)}"
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            os.fchmod(file.fileno(), _OWNER_ONLY)
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first
            os.link(beside, path)
    finally:
        beside.unlink()


def keep_secret(secret: Secret, folder: Path, value: bytes) -> None:
    """Write a secret that was brought here into its file.

    :raises SecretFault: when another one stands there.
    """
    make_secret(secret, folder, lambda: value.decode("ascii"))
    if read_secret(secret, folder) != value.decode("ascii").strip():
        raise SecretFault(
            f"Another {_words(secret)} stands in {folder / secret.name}: what was brought here "
            "goes with its own. Move that file away first."
        )


def replace_secret(secret: Secret, folder: Path, value: str) -> None:
    """Write another value into a secret's file, whole from one moment to the next.

    :raises SecretFault: when there is no file of it: it comes from outside.
    """
    path = folder / secret.name
    read_secret(secret, folder)
    beside = folder / f".{secret.name}-{secrets.token_hex(8)}"
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        os.fchmod(file.fileno(), _OWNER_ONLY)
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read_secret(secret: Secret, folder: Path) -> str:
    """Return a secret from its file.

    :raises SecretFault: when it is not there, empty, or others than its owner can read it.
    """
    path = folder / secret.name
    if not path.exists():
        raise SecretFault(
            f"The {_words(secret)} is missing: put it back as {path}, or set {variable_of(secret)}."
        )
    if stat.S_IMODE(path.stat().st_mode) & _OTHERS:
        raise SecretFault(f"Others can read {path}: run chmod 600 {path}.")
    if not (value := _read(path)):
        raise SecretFault(f"{path} is empty: put the {_words(secret)} back.")
    return value


def variable_of(secret: Secret) -> str:
    """Return the variable of the environment in which a secret may come."""
    return f"SIWEB_{secret.name.upper()}"


def _words(secret: Secret) -> str:
    return secret.name.replace("_", " ")


def _read(path: Path) -> str:
    return path.read_text("ascii").strip()
