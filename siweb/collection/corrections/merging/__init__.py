"""Two registrations that prove to be one person are joined."""
