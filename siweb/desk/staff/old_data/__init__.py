"""An old system's data at the desk: handed in kind by kind, tried first, checked by two."""
