"""The desk's page on which two registrations of one person are joined."""
