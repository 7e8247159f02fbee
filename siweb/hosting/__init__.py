"""What a server needs to run an office: its services, and what it does every day."""
