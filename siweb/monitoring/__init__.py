"""What an office tells of its own work: counts, and lines of a log, of nobody in particular."""
