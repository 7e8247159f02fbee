"""The tables of share codes."""
