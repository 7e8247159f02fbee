"""People's own bank accounts: named by themselves, paid to only after the desk's look."""
