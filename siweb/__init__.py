"""A social-insurance office that fits on one small machine."""
