"""Signing in at another provider (OpenID Connect): asking it, and whose account it is linked to."""
