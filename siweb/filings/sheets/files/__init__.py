"""From the bytes of a file to its cells, whatever program wrote it."""
