"""Look an office over as whoever keeps it alive would: what is wrong, and what to do about it."""
