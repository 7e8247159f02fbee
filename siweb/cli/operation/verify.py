"""siweb verify."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from siweb import clock
from siweb.cli.counted import counted
from siweb.db.reference_code import ALPHABET, normalise
from siweb.documents.proof.base64url import decoded
from siweb.documents.proof.keys import PublicKey, read_keys
from siweb.documents.proof.revocations import prove_revocations
from siweb.documents.proof.statement import NotProved, PaperStatement, prove_statement
from siweb.documents.proving.prove_beside import prove_beside
from siweb.documents.verification_code import LENGTH, SHORT_LENGTH

_WHY = {
    "no_pdf": "This is no PDF that can be read.",
    "no_attachment": "This PDF carries no data and no signature of an office.",
    "no_statement": (
        "This is no signed statement. Of a QR code, give all that the scanner read, from https:// "
        "to the last sign, in quotes; of a paper, the name of its PDF."
    ),
    "too_large": "This is no paper of an office: reading it takes more room or time than any does.",
    "unknown_key": "None of the given keys signed this. Is it the issuing office's key?",
    "wrong_signature": "The signature does not fit: this was changed, or somebody else made it.",
    "data_changed": "The data in this PDF is not the data that was signed: it was changed.",
    "other_list": "This list of revoked papers is of another kind or month of issue.",
    "not_printed": "What is printed is not what was signed: the pages were changed.",
    "other_code": "The QR code on the page is not that of this paper: it was changed.",
    "no_file": (
        "There is no such file here. Look at how its name is written; a name with spaces stands in "
        "quotes."
    ),
    "typed_code": (
        "This is a code to type: only the office can tell what is behind it. Enter it on its page "
        "“verify a document”; here, give the PDF or what the QR code says."
    ),
}
_NOT_READ = (
    "The QR code on the page was not read: scan it, and compare what it says with the lines below."
)


@click.command("verify")
@click.argument("paper")
@click.option(
    "--key",
    "given",
    required=True,
    help="The office's public key, or a file of its /.well-known/siweb-paper-keys.json.",
)
@click.option(
    "--revoked",
    "list_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The office's /.well-known/siweb-revoked/KIND/YYYY-MM.cose of the month of issue.",
)
def verify(paper: str, given: str, list_path: Path | None) -> None:
    """Prove a paper without the office: PAPER is its PDF, or the text of its QR code.

    Whether it was revoked since then is told by a list of the office (--revoked), or by its page
    "verify a document".
    """
    keys = _keys(given)
    try:
        statement, *proofs = _prove(paper, keys)
        revoked = prove_revocations(list_path.read_bytes(), keys) if list_path else None
        is_revoked = revoked is not None and revoked.names(statement)
    except NotProved as refused:
        click.echo(f"NOT GENUINE: {_WHY[refused.code]}", err=True)
        sys.exit(1)
    click.echo("Genuine: " + "\n".join(proofs))
    for name, value in _lines(statement):
        click.echo(f"  {name}: {value}")
    if revoked is not None and is_revoked:
        click.echo(
            f"REVOKED, as the office listed on {revoked.as_of}: do not rely on it.", err=True
        )
        sys.exit(1)
    if revoked is not None:
        click.echo(f"Not revoked up to {revoked.as_of}.")
    if statement.is_expired(clock.today()):
        click.echo(
            f"EXPIRED on {statement.valid_until_on}: ask its holder for a newer one.", err=True
        )
        sys.exit(1)


def _keys(given: str) -> list[PublicKey]:
    try:
        path = Path(given)
        return read_keys(json.loads(path.read_text("utf-8")) if path.is_file() else given)
    except (ValueError, KeyError, TypeError, OSError, RecursionError) as wrong:
        raise click.BadParameter(
            "This is no public key, and no file of keys.", param_hint="--key"
        ) from wrong


def _prove(paper: str, keys: list[PublicKey]) -> tuple[Any, ...]:
    """Return the statement, and the sentences that say what was proved of the paper."""
    if _is_file(paper):
        found = prove_beside(Path(paper), keys)
        proof = (
            "signed by the office; the attached data is what was signed, every line and table of "
            f"it stands on the pages, with all {found.figures} figures."
        )
        code = "The QR code on the page is this statement." if found.is_code_read else _NOT_READ
        return found.statement, proof, code
    try:
        message = decoded(paper.rpartition("#")[2].strip())
        return prove_statement(message, keys), "signed by the office. Compare this with the paper:"
    except (ValueError, NotProved) as wrong:
        if isinstance(wrong, NotProved) and wrong.code != "no_statement":
            raise
        raise NotProved(_what_else(paper)) from wrong


def _what_else(paper: str) -> str:
    """Return what somebody meant who gave neither a file nor a statement."""
    code = normalise(paper)
    if len(code) in {LENGTH, SHORT_LENGTH} and not set(code) - set(ALPHABET):
        return "typed_code"
    is_named = "#" not in paper and "://" not in paper
    return "no_file" if is_named and ("." in paper or os.sep in paper) else "no_statement"


def _is_file(paper: str) -> bool:
    try:
        return Path(paper).is_file()
    except (OSError, ValueError):  # a code is longer than the name of a file may be
        return False


def _lines(statement: PaperStatement) -> list[tuple[str, str]]:
    lines = [
        ("issued by", statement.issuer or "the office"),
        ("what", statement.kind.value.replace("_", " ")),
        ("number", statement.reference),
        ("name", statement.name),
        ("ID number ends in", statement.number_end),
        ("issued on", statement.issued_on.isoformat()),
    ]
    if statement.valid_until_on:
        lines.append(("valid until", statement.valid_until_on.isoformat()))
    for label, fen in statement.totals:
        sign, (yuan, rest) = "-" if fen < 0 else "", divmod(abs(fen), 100)
        lines.append((label, f"{sign}{yuan:,}.{rest:02} yuan"))
    lines += [(label, counted(months, "month")) for label, months in statement.counts]
    return lines
