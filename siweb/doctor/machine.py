"""The machine: settings, secrets, folders, room on the disk."""

import shutil
import stat
from collections.abc import Iterator
from urllib.parse import urlsplit

from siweb.doctor.finding import Finding, ill, watch, well
from siweb.secret_keys import SECRETS, SecretFault, read_secret
from siweb.settings import Settings
from siweb.web.serving.readiness import LEAST_FREE_BYTES

_OTHERS = 0o077
# Room for the largest upload, its sheets and a levy's log ten times over.
_ENOUGH_BYTES = 10 * LEAST_FREE_BYTES
_GIGABYTE = 1_000_000_000
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def settings_findings(settings: Settings) -> Iterator[Finding]:
    """Look at what browsers and papers go by."""
    parts = urlsplit(settings.public_url)
    if settings.demo:
        yield watch("public address", "this is a demonstration", "unset SIWEB_DEMO for an office")
    elif not settings.public_url:
        yield ill("public address", "none is set", "set SIWEB_PUBLIC_URL: papers carry it")
    elif parts.scheme != "https" and parts.hostname not in _THIS_MACHINE:
        yield ill(
            "public address",
            f"{settings.public_url} is not encrypted",
            "end TLS in a proxy, and set SIWEB_PUBLIC_URL to https://",
        )
    else:
        yield well("public address", settings.public_url)
    if parts.scheme == "https" and not settings.https:
        yield ill("cookies", "they go over plain HTTP as well", "set SIWEB_HTTPS=true")
    if settings.https and not settings.trusted_proxies:
        yield watch(
            "proxies",
            "none is counted, though something before siweb ends TLS",
            "set SIWEB_TRUSTED_PROXIES: pauses after failed sign-ins meet the proxy otherwise",
        )


def secret_findings(settings: Settings) -> Iterator[Finding]:
    """Look for each secret, where it should be and readable by its owner alone."""
    for secret in SECRETS:
        subject = secret.name.replace("_", " ")
        try:
            # Asked of the settings, one that is missing would be made.
            settings.given_secret(secret) or read_secret(secret, settings.secrets_folder)
        except SecretFault as fault:
            yield ill(subject, str(fault), "see siweb secrets")
        else:
            yield well(subject, "here")


def folder_findings(settings: Settings) -> Iterator[Finding]:
    """Look at who may read the office's folder, and how much room its disk has."""
    folder = settings.var_dir
    if not folder.is_dir():
        yield ill("folder", f"{folder} is not there", "set SIWEB_VAR_DIR, or mount its disk")
        return
    open_to_others = [
        path.name
        for path in (folder, *sorted(folder.glob("*.sqlite3*")))
        if stat.S_IMODE(path.stat().st_mode) & _OTHERS
    ]
    if open_to_others:
        yield watch(
            "file modes",
            f"others on this machine can read {', '.join(open_to_others)} in {folder}",
            f"run chmod -R go= {folder}",
        )
    else:
        yield well("file modes", "nobody else reads the folder")
    free = shutil.disk_usage(folder).free
    says = f"{free / _GIGABYTE:,.1f} GB are free"
    if free < LEAST_FREE_BYTES:
        yield ill("disk", says, "make room now: nothing can be written soon")
    elif free < _ENOUGH_BYTES:
        yield watch("disk", says, "make room: a levy and a long list need some of it")
    else:
        yield well("disk", says)
