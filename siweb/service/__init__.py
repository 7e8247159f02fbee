"""Service (送达): how a notice lawfully reaches its reader, and what runs from then on."""
