"""Who of the staff holds which function."""
