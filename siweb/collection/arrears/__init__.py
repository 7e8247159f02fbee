"""Arrears: found by the day, notified, deferred, paid in instalments."""
