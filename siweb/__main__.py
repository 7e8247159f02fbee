"""`python -m siweb` is the `siweb` command."""

from siweb.cli import main

main()
