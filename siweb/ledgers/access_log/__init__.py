"""Who looked at a person's data, who may, and the person's own sign-ins."""
