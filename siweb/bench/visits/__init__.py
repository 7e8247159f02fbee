"""Visitors for measuring: signed in, asking over kept connections, beside a bare Flask."""
