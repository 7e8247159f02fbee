"""Run by itself: prove a file within limits of memory and time, and print what it proved."""

import logging
import resource
import sys
from pathlib import Path

from siweb.db.json_text import json_text, json_value
from siweb.documents.proof.base64url import encoded
from siweb.documents.proof.keys import read_keys
from siweb.documents.proof.statement import NotProved
from siweb.documents.proving.prove_file import MOST_BYTES, prove_file

# The program takes some 150 MB; a file of ours a few more.
MEMORY, SECONDS = 700 << 20, 20


def main(file: str) -> None:
    """Print {"statement", "figures", "is_code_read"}, or {"refused"}; keys come in as JSON."""
    keys = [key for text in json_value(sys.stdin.read()) for key in read_keys(str(text))]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    # It writes a line for each thing that it finds odd in a damaged file: one answer is enough.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        with Path(file).open("rb") as opened:
            # A byte more than may be: what is larger is not read to its end.
            found = prove_file(opened.read(MOST_BYTES + 1), keys)
    except NotProved as refused:
        answer: dict[str, object] = {"refused": refused.code}
    except MemoryError:
        answer = {"refused": "too_large"}
    else:
        answer = {
            "statement": encoded(found.message),
            "figures": found.figures,
            "is_code_read": found.is_code_read,
        }
    sys.stdout.write(json_text(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
