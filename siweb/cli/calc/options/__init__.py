"""What the options of calculations accept."""
