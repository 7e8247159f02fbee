"""The page that signs in by a passkey."""
