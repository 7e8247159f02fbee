"""Backups that any later version and either database can be restored from."""
