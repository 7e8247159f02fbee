"""Prove a file in a process of its own: one that kills its reader kills nothing else."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from siweb.db.json_text import json_text, json_value
from siweb.documents.proof.base64url import decoded
from siweb.documents.proof.keys import PublicKey
from siweb.documents.proof.statement import NotProved, prove_statement
from siweb.documents.proving.prove_file import ProvedFile

_MODULE = "siweb.documents.proving.prove_process"


def prove_beside(file: Path, keys: Sequence[PublicKey]) -> ProvedFile:
    """Return what a file proves.

    :raises NotProved: as `prove_file` does; "too_large" when its reader ran out of room or time.
    """
    answer: dict[str, Any] = {"refused": "too_large"}
    done = subprocess.run(  # noqa: S603 - our own module on a file that was named to us
        [sys.executable, "-m", _MODULE, str(file.resolve())],
        input=json_text([key.text for key in keys]),
        capture_output=True,
        text=True,
        check=False,
    )
    with suppress(ValueError):
        answer = json_value(done.stdout)
    if "refused" in answer:
        raise NotProved(answer["refused"])
    message = decoded(answer["statement"])
    return ProvedFile(
        prove_statement(message, keys), message, answer["figures"], answer["is_code_read"]
    )
