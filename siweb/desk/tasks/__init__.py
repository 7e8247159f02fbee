"""Two-person actions at the desk."""
