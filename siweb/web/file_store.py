"""Where the office's files lie, for a request."""

from typing import cast

from flask import current_app

from siweb.files.store import FileStore

FILES = "siweb_files"


def file_store() -> FileStore:
    """Return the office's store of files."""
    return cast("FileStore", current_app.extensions[FILES])
