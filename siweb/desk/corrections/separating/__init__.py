"""The desk's page on which two registrations that were joined by mistake are separated."""
