"""The second factor of staff: codes of an authenticator app, and recovery codes."""
