"""siweb verify."""

import json
import logging
import sys
from pathlib import Path

import click

from siweb import clock
from siweb.documents.proof.base64url import decoded
from siweb.documents.proof.keys import PublicKey, read_keys
from siweb.documents.proof.revocations import prove_revocations
from siweb.documents.proof.statement import NotProved, PaperStatement, prove_statement
from siweb.documents.prove_file import ProvedFile, prove_file

_WHY = {
    "no_pdf": "This is no PDF that can be read.",
    "no_attachment": "This PDF carries no data and no signature of an office.",
    "no_statement": "This is no signed statement: scan the code again, all of it.",
    "unknown_key": "None of the given keys signed this. Is it the issuing office's key?",
    "wrong_signature": "The signature does not fit: this was changed, or somebody else made it.",
    "data_changed": "The data in this PDF is not the data that was signed: it was changed.",
    "other_list": "This list of revoked papers is of another kind or month of issue.",
    "not_printed": "What is printed is not what was signed: the pages were changed.",
}


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
    # It writes a line for each thing that it finds odd in a damaged file: one answer is enough.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        statement, proof = _prove(paper, keys)
        revoked = prove_revocations(list_path.read_bytes(), keys) if list_path else None
        is_revoked = revoked is not None and revoked.names(statement)
    except NotProved as refused:
        click.echo(f"NOT GENUINE: {_WHY[refused.code]}", err=True)
        sys.exit(1)
    click.echo(f"Genuine: {proof}")
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
    except (ValueError, KeyError, TypeError, OSError) as wrong:
        raise click.BadParameter(
            "This is no public key, and no file of keys.", param_hint="--key"
        ) from wrong


def _prove(paper: str, keys: list[PublicKey]) -> tuple[PaperStatement, str]:
    if _is_file(paper):
        found: ProvedFile = prove_file(Path(paper).read_bytes(), keys)
        return found.statement, (
            "signed by the office; the attached data is what was signed, and "
            f"all {found.figures} figures of it stand on the pages."
        )
    try:
        message = decoded(paper.rpartition("#")[2].strip())
    except ValueError as wrong:
        raise NotProved("no_statement") from wrong
    return prove_statement(message, keys), "signed by the office. Compare this with the paper:"


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
    lines += [(label, f"{months} months") for label, months in statement.counts]
    return lines
