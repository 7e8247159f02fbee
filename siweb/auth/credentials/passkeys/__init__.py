"""Passkeys (WebAuthn): challenges, adding, using, naming and removing them."""
