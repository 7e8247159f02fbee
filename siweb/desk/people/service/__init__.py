"""Where staff see what waits to be served, and record how it was."""
