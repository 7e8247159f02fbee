"""Every setting of the office, typed, read once at the start. Law is not a setting: see packs."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

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
    make_secret,
    read_secret,
)

PREFIX = "SIWEB_"
LANGUAGES = ("zh_Hans", "en")
_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not bound to


class SettingError(ValueError):
    """A setting has a value that cannot be used; the message names it."""


def _help(text: str, default: Any) -> Any:
    return field(default=default, metadata={"help": text})


def _hidden(text: str) -> Any:
    """Return a setting that no print of the settings shows."""
    return field(default="", metadata={"help": text}, repr=False)


def _secret(secret: Secret) -> Any:
    """Return the setting of a secret, which no print of the settings shows."""
    text = f"Secret: {secret.purpose}. Empty means the file {secret.name} (mode 0600)."
    return _hidden(text)


@dataclass(frozen=True, slots=True)
class Settings:
    """Read from SIWEB_* variables, then from the TOML file named by SIWEB_CONFIG."""

    var_dir: Path = _help("Folder for the database and secrets.", Path("var"))
    database_url: str = _help("SQLAlchemy address; empty means SQLite in var_dir.", "")
    host: str = _help("Address to listen on.", "127.0.0.1")
    port: int = _help("Port to listen on.", 8000)
    workers: int = _help("Server processes.", 1)
    https: bool = _help("Served over HTTPS: cookies are marked Secure, HSTS is sent.", False)
    trusted_proxies: int = _help("Reverse proxies in front whose X-Forwarded-* are believed.", 0)
    public_url: str = _help(
        "The office's address for people, printed on papers and in QR codes; "
        "needed outside a demonstration.",
        "",
    )
    hosts: str = _help("Other names that browsers may call the office by; commas between.", "")
    idle_minutes: int = _help("Minutes without a click after which a sign-in ends.", 30)
    sign_in_hours: int = _help("Hours after which a sign-in ends whatever happens.", 12)
    second_factor: str = _help(
        "Second factor of staff, before any page of the desk: 'required'; empty means required "
        "outside a demonstration.",
        "",
    )
    fresh_proof_minutes: int = _help(
        "Minutes for which a proof of the second factor lets staff move money and act by two.", 10
    )
    oidc_issuer: str = _help(
        "Provider that people may sign in at besides, by OpenID Connect: its address, as its "
        "tokens say it; empty means none. Tell it the way back: /sign-in/linked/back.",
        "",
    )
    oidc_name: str = _help("What people call the provider: the button says it.", "")
    oidc_client: str = _help("How the provider calls this office (client ID).", "")
    oidc_secret: str = _hidden("The client secret that the provider gave this office.")
    language: str = _help(
        "Language of what the office writes by itself, such as receipts of long filings: "
        "zh_Hans or en.",
        "zh_Hans",
    )
    demo: bool = _help("Demonstration data: sign-ins are shown on the sign-in page.", False)
    upload_megabytes: int = _help("Largest upload.", 64)
    spool_megabytes: int = _help(
        "Room for bodies on their way in and out, in var_dir; beyond it people are asked to wait.",
        1024,
    )
    payment_gateway: str = _help(
        "How bills are paid online; empty means not at all, 'demonstration' moves no money.", ""
    )
    payment_account: str = _help("Bank account printed on bills, as payers should write it.", "")
    smtp_host: str = _help("Server that e-mails are handed to; empty means no e-mails.", "")
    smtp_port: int = _help("Its port.", 587)
    smtp_security: str = _help("How it is spoken to: starttls, tls or none.", "starttls")
    smtp_sender: str = _help("Address that e-mails come from.", "")
    smtp_user: str = _help("Name to sign in to it with; empty means without.", "")
    smtp_password: str = _hidden("The password that goes with the name.")
    sms_gateway: str = _help(
        "What sends text messages: 'file' (into var_dir/sms, for trying) or package.module:Class, "
        "see docs/messages.md; empty means none.",
        "",
    )
    paper_signer: str = _help(
        "The device that signs papers, as package.module:Class, see docs/papers.md; empty means "
        "the office's own key.",
        "",
    )
    allocation_order: str = _help(
        "What money pays first: 'oldest' (bill, also before the one that is named), 'late_fee', "
        "insurances in their order; commas between. Empty: named bill, premium, late fee.",
        "",
    )
    files_dir: str = _help(
        "Folder that all machines share for lists and statements that are handed in; empty means "
        "in the database.",
        "",
    )
    files_bucket: str = _help(
        "Bucket, this office's alone, of an S3-compatible object store for them instead: "
        "https://bucket.host or https://host/bucket.",
        "",
    )
    files_bucket_region: str = _help("Region of the bucket, as requests to it say.", "us-east-1")
    files_bucket_key: str = _help("Name of the access key to the bucket.", "")
    files_bucket_secret: str = _hidden("The secret that goes with the access key.")
    scanner: str = _help(
        "Virus scanner of scanned papers: unix:/path/of/clamd/socket, tcp:host:port, or "
        "command:program with its arguments (the file comes on its input; it ends with 0 or 1). "
        "When it does not answer nothing is taken in; empty means none.",
        "",
    )
    backup_dir: str = _help(
        "Folder, best on another machine's mount, that siweb backup writes into; empty means "
        "backups in var_dir.",
        "",
    )
    backup_recipient: str = _help(
        "Public key that backups are sealed for (age1…, see siweb backup new-key); commas between "
        "several, empty means unsealed.",
        "",
    )
    backup_keep: str = _help(
        "Of how many days, weeks and months siweb backup keeps the newest backup.", "7,5,12"
    )
    papers_dir: str = _help(
        "Folder, best on another machine's mount, that notes the number of each paper given out; "
        "siweb papers missing lists those that a restored office lacks. Empty means none.",
        "",
    )
    metrics_token: str = _hidden(
        "Token that a monitoring program sends to read /metrics (Authorization: "
        "Bearer …); empty means that this machine alone may read it."
    )
    log_format: str = _help(
        "How the log is written: 'text' tells what failed; 'json' is a line of JSON for that and "
        "for each request, with its reference and without anybody's numbers.",
        "text",
    )
    traces_url: str = _help(
        "Where traces of requests go (OpenTelemetry over HTTP, with `siweb[traces]`), for example "
        "http://127.0.0.1:4318/v1/traces; empty means nowhere.",
        "",
    )
    secrets_dir: str = _help(
        "Folder of the secrets' files, for example a secret store's; empty means var_dir.", ""
    )
    secret_key: str = _secret(SESSION)
    paper_key: str = _secret(PAPER)
    proof_key: str = _secret(PROOF)
    seal_key: str = _secret(SEAL)
    field_key: str = _secret(FIELD)
    digest_key: str = _secret(DIGEST)
    chain_key: str = _secret(CHAIN)
    heads_file: str = _help(
        "File, best on another machine's mount, that close-day adds the activity log's head to; "
        "empty means heads in var_dir.",
        "",
    )

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Return the settings.

        :raises SettingError: naming the setting, what is wrong and what would be right.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        if config := environ.get(PREFIX + "CONFIG"):
            values |= _read_toml(Path(config))
        by_name = {f.name: f for f in fields(cls)}
        if unknown := sorted(set(values) - set(by_name)):
            raise SettingError(
                f"{unknown[0]} in {config} is not a setting; see the README's table."
            )
        for name in by_name:
            if (text := environ.get(PREFIX + name.upper())) is not None:
                values[name] = text
        typed = {
            name: _convert(name, value, by_name[name].default) for name, value in values.items()
        }
        settings = cls(**typed)
        settings._check_ranges()
        settings._check_public_url()
        settings._check_words()
        settings._check_provider()
        settings._check_files_dir()
        settings._check_files_bucket()
        return settings

    def _check_public_url(self) -> None:
        parts = urlsplit(self.public_url)
        if self.public_url and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise SettingError(
                f"{PREFIX}PUBLIC_URL must be an address such as https://office.example.org, "
                f"not {self.public_url!r}."
            )

    def _check_words(self) -> None:
        for name, words, shown in (
            ("language", LANGUAGES, f"one of {', '.join(LANGUAGES)}"),
            ("log_format", ("text", "json"), "text or json"),
            ("second_factor", ("", "required"), "empty or required"),
        ):
            if (given := getattr(self, name)) not in words:
                raise SettingError(f"{PREFIX}{name.upper()} must be {shown}, not {given!r}.")

    def _check_provider(self) -> None:
        given = [self.oidc_issuer, self.oidc_name, self.oidc_client, self.oidc_secret]
        if any(given) and not all(given):
            raise SettingError(
                f"{PREFIX}OIDC_ISSUER, {PREFIX}OIDC_NAME, {PREFIX}OIDC_CLIENT and "
                f"{PREFIX}OIDC_SECRET go together: set all of them or none."
            )
        parts = urlsplit(self.oidc_issuer)
        if self.oidc_issuer and (
            parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment
        ):
            raise SettingError(
                f"{PREFIX}OIDC_ISSUER must be an address such as https://id.example.org, "
                f"not {self.oidc_issuer!r}."
            )

    def _check_files_dir(self) -> None:
        # A share that is not mounted must not be made here: other machines would not find it.
        if self.files_folder is not None and not self.files_folder.is_dir():
            raise SettingError(
                f"{PREFIX}FILES_DIR names {self.files_dir}, which is no folder on this machine: "
                "make it, or mount the one that all machines share."
            )

    def _check_files_bucket(self) -> None:
        if not self.files_bucket:
            return
        parts = urlsplit(self.files_bucket)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise SettingError(
                f"{PREFIX}FILES_BUCKET must be an address such as https://host/bucket, "
                f"not {self.files_bucket!r}."
            )
        if self.files_dir:
            raise SettingError(
                f"{PREFIX}FILES_BUCKET and {PREFIX}FILES_DIR name two places: set one of them."
            )
        if not (self.files_bucket_key and self.files_bucket_secret):
            raise SettingError(
                f"{PREFIX}FILES_BUCKET needs {PREFIX}FILES_BUCKET_KEY and "
                f"{PREFIX}FILES_BUCKET_SECRET."
            )

    def _check_ranges(self) -> None:
        limits = {
            "port": (1, 65535),
            "smtp_port": (1, 65535),
            "workers": (1, 64),
            "idle_minutes": (1, 1440),
            "sign_in_hours": (1, 168),
            "fresh_proof_minutes": (1, 60),
            "trusted_proxies": (0, 10),
            "upload_megabytes": (1, 1024),
            "spool_megabytes": (16, 1_048_576),
        }
        for name, (low, high) in limits.items():
            if not low <= getattr(self, name) <= high:
                raise SettingError(
                    f"{PREFIX}{name.upper()} must be between {low} and {high}, "
                    f"not {getattr(self, name)}."
                )

    @property
    def asks_second_factor(self) -> bool:
        """Return whether staff prove a second factor: only a demonstration may go without."""
        return self.second_factor == "required" or not self.demo

    @property
    def public_address(self) -> str:
        """Return the office's own address, without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "localhost" if self.host in _EVERYWHERE else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def trusted_hosts(self) -> list[str]:
        """Return the names that a request may give as its host, without ports.

        This machine's own are always among them: probes and proxies on it use them, and no paper
        takes its address from a request.
        """
        own = urlsplit(self.public_address).hostname
        named = [name.strip() for name in self.hosts.split(",") if name.strip()]
        return [*_THIS_MACHINE, *([own] if own else []), *named]

    @property
    def engine_url(self) -> str:
        """Return the database address, SQLite in var_dir when none is set."""
        return self.database_url or f"sqlite:///{(self.var_dir / 'siweb.sqlite3').as_posix()}"

    @property
    def files_folder(self) -> Path | None:
        """Return the folder of what is handed in; None where the database keeps it."""
        return Path(self.files_dir) if self.files_dir else None

    @property
    def secrets_folder(self) -> Path:
        """Return the folder with the files of the secrets."""
        return Path(self.secrets_dir) if self.secrets_dir else self.var_dir

    def given_secret(self, secret: Secret) -> str:
        """Return a secret that comes from outside, "" when it is kept in a file."""
        return getattr(self, secret.name) or (secret.once and getattr(self, secret.once)) or ""

    def signing_key(self) -> str:
        """Return the key of sign-ins: cookies, forms, codes and counted tries."""
        return self.secret(SESSION)

    def make_secrets(self) -> None:
        """Make the secrets of a new office; those that are there, or come from outside, stay."""
        for secret in SECRETS:
            if not self.given_secret(secret):
                make_secret(secret, self.secrets_folder)

    def chain_keys(self) -> tuple[bytes, ...]:
        """Return the keys of the activity log's chain: the one in use, then those before it.

        :raises SecretFault: as `secret` does.
        """
        keys = self.secret(CHAIN).replace(",", " ").split()
        return tuple(key.encode() for key in keys)

    def secret(self, secret: Secret) -> str:
        """Return a secret, made on first use unless it must be kept.

        :raises SecretFault: when it is missing or empty, or others can read its file.
        """
        if given := self.given_secret(secret):
            return given
        if not secret.must_be_kept:
            make_secret(secret, self.secrets_folder)
        return read_secret(secret, self.secrets_folder)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingError(f"{PREFIX}CONFIG names {path}, which cannot be read.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingError(f"{path} is not valid TOML: {error}.") from error
    except RecursionError as error:
        raise SettingError(f"{path} is nested too deeply.") from error


def _convert(name: str, value: Any, default: Any) -> Any:
    shown = f"{PREFIX}{name.upper()}"
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        if str(value).lower() in {"1", "true", "yes", "on"}:
            return True
        if str(value).lower() in {"0", "false", "no", "off", ""}:
            return False
        raise SettingError(f"{shown} must be true or false, not {value!r}.")
    if isinstance(default, int):
        try:
            return int(value)
        except (TypeError, ValueError):
            raise SettingError(f"{shown} must be a whole number, not {value!r}.") from None
    if isinstance(default, Path):
        return Path(str(value))
    return str(value)
