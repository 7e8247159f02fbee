"""Static files: fingerprinted, compressed once at the start, cached by browsers for a year."""

import gzip
import hashlib
import os
import re
import shutil
from pathlib import Path

import brotli
from flask import Flask
from whitenoise import WhiteNoise

_FINGERPRINTED = re.compile(r"\.[0-9a-f]{12}\.[a-z0-9]+\Z")
_COMPRESSED = {".css", ".js", ".svg", ".txt", ".webmanifest", ".json"}


def install(app: Flask, source: Path, built: Path) -> None:
    """Serve `source` under /static from fingerprinted copies kept in `built`."""
    names = build(source, built)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(built),
        prefix="static/",
        immutable_file_test=lambda _path, url: bool(_FINGERPRINTED.search(url)),
        max_age=365 * 24 * 3600,
    )

    def asset(name: str) -> str:
        return f"/static/{names[name]}"

    app.jinja_env.globals["asset"] = asset


def build(source: Path, built: Path) -> dict[str, str]:
    """Copy every file under a name with its hash, with .gz and .br beside it; return the names."""
    names: dict[str, str] = {}
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        content = file.read_bytes()
        name = file.relative_to(source).as_posix()
        # 48 bits: whatever changes gets another address, and browsers keep it for good.
        digest = hashlib.sha256(content).hexdigest()[:12]
        stem, dot, ending = name.rpartition(".")
        names[name] = f"{stem}.{digest}.{ending}" if dot else f"{name}.{digest}"
        target = built / names[name]
        if not target.exists():
            _write(target, content)
            if file.suffix in _COMPRESSED:
                _write(target.with_name(target.name + ".gz"), gzip.compress(content, 9, mtime=0))
                _write(target.with_name(target.name + ".br"), brotli.compress(content))
    return names


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # Several workers may start at once: each writes its own file, the move is atomic.
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.write_bytes(content)
    shutil.move(draft, target)
