"""The desk's view of scanned papers."""
