"""The WSGI entry point: any WSGI server serves `wsgi:app`."""

import os

from siweb.app import create_app

# As the commands do: what the office writes is its owner's alone.
os.umask(0o077)

app = create_app()
