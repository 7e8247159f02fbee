"""The machine: settings, secrets, folders, room on the disk."""

import os
import shutil
import stat
from collections.abc import Iterator
from urllib.parse import urlsplit

from siweb.doctor.finding import N_, Finding, ill, watch, well
from siweb.documents.proof.journal.line import journal_folder
from siweb.secret_keys import (
    CHAIN,
    DIGEST,
    FIELD,
    PAPER,
    PROOF,
    SEAL,
    SECRETS,
    SESSION,
    Secret,
    SecretFault,
    read_secret,
)
from siweb.settings import Settings
from siweb.web.serving.readiness import LEAST_FREE_BYTES

_OTHERS = 0o077
# Room for the largest upload, its sheets and a levy's log ten times over.
_ENOUGH_BYTES = 10 * LEAST_FREE_BYTES
_GIGABYTE = 1_000_000_000
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_NAMES = {
    SESSION.name: N_("secret key"),
    PAPER.name: N_("paper key"),
    PROOF.name: N_("proof key"),
    SEAL.name: N_("seal key"),
    FIELD.name: N_("field key"),
    DIGEST.name: N_("digest key"),
    CHAIN.name: N_("chain key"),
}


_ADDRESS, _MODES, _DISK = N_("public address"), N_("file modes"), N_("disk")
_JOURNAL = N_("journal of papers")
_FREE = N_("%(gigabytes)s GB are free")
DEMONSTRATION = watch(_ADDRESS, N_("this is a demonstration"), N_("unset SIWEB_DEMO for an office"))
NO_ADDRESS = ill(_ADDRESS, N_("none is set"), N_("set SIWEB_PUBLIC_URL: papers carry it"))
NOT_ENCRYPTED = ill(
    _ADDRESS,
    N_("%(address)s is not encrypted"),
    N_("end TLS in a proxy, and set SIWEB_PUBLIC_URL to https://"),
)
PLAIN_COOKIES = ill(
    N_("cookies"), N_("they go over plain HTTP as well"), N_("set SIWEB_HTTPS=true")
)
NO_PROXIES = watch(
    N_("proxies"),
    N_("none is counted, though something before siweb ends TLS"),
    N_("set SIWEB_TRUSTED_PROXIES: pauses after failed sign-ins meet the proxy otherwise"),
)
# Which secret it is of seven is said where it is found.
_SECRET = N_("secret key")
_PUT_BACK = N_("put it back as %(path)s")
SECRET_MISSING = ill(_SECRET, N_("it is missing"), _PUT_BACK)
SECRET_OPEN = ill(_SECRET, N_("others can read it"), N_("run chmod 600 %(path)s"))
SECRET_EMPTY = ill(_SECRET, N_("it is empty"), _PUT_BACK)
NO_FOLDER = ill(
    N_("folder"), N_("%(folder)s is not there"), N_("set SIWEB_VAR_DIR, or mount its disk")
)
OPEN_FILES = watch(
    _MODES,
    N_("others on this machine can read %(files)s in %(folder)s"),
    N_("run chmod -R go= %(folder)s"),
)
NO_JOURNAL = watch(
    _JOURNAL,
    N_("none is kept: what was given out since the last backup stands nowhere else"),
    N_("set SIWEB_PAPERS_DIR to a folder of another machine"),
)
JOURNAL_AWAY = ill(
    _JOURNAL,
    N_("nothing can be noted in %(folder)s"),
    N_("mount it, and let the office write into it"),
)
DISK_FULL = ill(_DISK, _FREE, N_("make room now: nothing can be written soon"))
DISK_FILLS = watch(_DISK, _FREE, N_("make room: a levy and a long list need some of it"))


def settings_findings(settings: Settings) -> Iterator[Finding]:
    """Look at what browsers and papers go by."""
    parts = urlsplit(settings.public_url)
    if settings.demo:
        yield DEMONSTRATION.found()
    elif not settings.public_url:
        yield NO_ADDRESS.found()
    elif parts.scheme != "https" and parts.hostname not in _THIS_MACHINE:
        yield NOT_ENCRYPTED.found(address=settings.public_url)
    else:
        yield well(_ADDRESS, "%(address)s", address=settings.public_url)
    if parts.scheme == "https" and not settings.https:
        yield PLAIN_COOKIES.found()
    if settings.https and not settings.trusted_proxies:
        yield NO_PROXIES.found()


def secret_findings(settings: Settings) -> Iterator[Finding]:
    """Look for each secret, where it should be and readable by its owner alone."""
    for secret in SECRETS:
        # Asked of the settings, one that is missing would be made.
        yield (
            well(_NAMES[secret.name], N_("here"))
            if settings.given_secret(secret)
            else _secret_in_file(secret, settings)
        )


def _secret_in_file(secret: Secret, settings: Settings) -> Finding:
    subject, path = _NAMES[secret.name], settings.secrets_folder / secret.name
    try:
        read_secret(secret, settings.secrets_folder)
    except SecretFault:
        if not path.exists():
            return SECRET_MISSING.found(subject, path=path)
        if stat.S_IMODE(path.stat().st_mode) & _OTHERS:
            return SECRET_OPEN.found(subject, path=path)
        return SECRET_EMPTY.found(subject, path=path)
    return well(subject, N_("here"))


def folder_findings(settings: Settings) -> Iterator[Finding]:
    """Look at who may read the office's folder, and how much room its disk has."""
    folder = settings.var_dir
    if not folder.is_dir():
        yield NO_FOLDER.found(folder=folder)
        return
    open_to_others = [
        path.name
        for path in (folder, *sorted(folder.glob("*.sqlite3*")))
        if stat.S_IMODE(path.stat().st_mode) & _OTHERS
    ]
    if open_to_others:
        yield OPEN_FILES.found(files=", ".join(open_to_others), folder=folder)
    else:
        yield well(_MODES, N_("nobody else reads the folder"))
    free = shutil.disk_usage(folder).free
    room = f"{free / _GIGABYTE:,.1f}"
    if free < LEAST_FREE_BYTES:
        yield DISK_FULL.found(gigabytes=room)
    elif free < _ENOUGH_BYTES:
        yield DISK_FILLS.found(gigabytes=room)
    else:
        yield well(_DISK, _FREE, gigabytes=room)


def journal_findings(settings: Settings) -> Iterator[Finding]:
    """Look whether the papers that are given out are noted apart from the database."""
    folder = journal_folder(settings)
    if folder is None:
        yield NO_JOURNAL.found()
    elif not (folder.is_dir() and os.access(folder, os.W_OK)):
        # Papers are issued all the same: their holders wait at the counter.
        yield JOURNAL_AWAY.found(folder=folder)
    else:
        yield well(_JOURNAL, N_("kept in %(folder)s"), folder=folder)
