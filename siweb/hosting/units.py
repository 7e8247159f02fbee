"""The units of systemd: the server, the worker, and the tasks of every day."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

ENVIRONMENT = "siweb.env"
# When each of them runs. The day first; the books are sealed when it has done its work, the
# backup holds both. Minutes are odd so that a machine's other tasks are not all met at once.
TASKS: Mapping[str, tuple[str, str]] = {
    "day": ("*-*-* 00:17:00", "what a new day brings"),
    "close-day": ("*-*-* 01:07:00", "count arrears, seal the books"),
    "backup": ("*-*-* 02:43:00", "write a backup and prove it"),
    "check": ("Sun *-*-* 04:23:00", "prove all books"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how an office runs on a machine."""

    program: PurePosixPath
    public_url: str
    user: str
    var_dir: PurePosixPath
    # How many reverse proxies stand before it.
    proxies: int
    # Of the units' shared settings; in the folder of the units unless it is said otherwise.
    environment: PurePosixPath


def files_of(place: Place) -> dict[str, str]:
    """Return the files to write, by name: the shared settings first."""
    files = {ENVIRONMENT: _environment(place)}
    files["siweb.service"] = _service(
        place,
        "a social-insurance office",
        "After=network.target postgresql.service",
        # Of several that start at once one migrates, and the others wait for it.
        f"ExecStartPre={place.program} migrate",
        f"ExecStart={place.program} serve",
        "Restart=on-failure",
        # Slow visitors hold a connection each, and no thread.
        "LimitNOFILE=20000",
        wanted_by="multi-user.target",
    )
    files["siweb-work.service"] = _service(
        place,
        "siweb's jobs: lists, levies, statements, messages, the log's seals",
        "After=siweb.service",
        f"ExecStart={place.program} work",
        "Restart=always",
        "RestartSec=5",
        wanted_by="multi-user.target",
    )
    for task, (when, what) in TASKS.items():
        files[f"siweb-{task}.service"] = _service(
            place, f"siweb: {what}", "After=siweb.service", "Type=oneshot",
            f"ExecStart={place.program} {task}",
        )  # fmt: skip
        files[f"siweb-{task}.timer"] = _timer(what, when)
    return files


def started_units() -> list[str]:
    """Return the units that are started and started again with the machine."""
    return ["siweb.service", "siweb-work.service", *(f"siweb-{task}.timer" for task in TASKS)]


def _environment(place: Place) -> str:
    return f"""# Settings that every unit of siweb reads; mode 0600. The README names all of them.
SIWEB_VAR_DIR={place.var_dir}
SIWEB_PUBLIC_URL={place.public_url}
SIWEB_HTTPS={"true" if place.public_url.startswith("https:") else "false"}
SIWEB_TRUSTED_PROXIES={place.proxies}
# SIWEB_DATABASE_URL=postgresql://siweb:…@localhost/siweb
# Below /mnt, where units may write: SIWEB_BACKUP_DIR=…
# SIWEB_BACKUP_RECIPIENT=age1…
"""


def _service(place: Place, what: str, *lines: str, wanted_by: str = "") -> str:
    after, *own = lines
    installed = f"\n[Install]\nWantedBy={wanted_by}\n" if wanted_by else ""
    written = "\n".join(own)
    return f"""[Unit]
Description={what}
{after}

[Service]
User={place.user}
EnvironmentFile={place.environment}
{written}
# Nobody else reads what is written.
UMask=0077
NoNewPrivileges=true
CapabilityBoundingSet=
PrivateTmp=true
PrivateDevices=true
ProtectSystem=strict
ReadWritePaths={place.var_dir}
# Where backups go to another machine.
ReadWritePaths=-/mnt
ProtectHome=true
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectControlGroups=true
RestrictSUIDSGID=true
RestrictNamespaces=true
LockPersonality=true
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
{installed}"""


def _timer(what: str, when: str) -> str:
    return f"""[Unit]
Description=siweb: {what}

[Timer]
OnCalendar={when}
# Not missed by a machine that was off at the time.
Persistent=true

[Install]
WantedBy=timers.target
"""
