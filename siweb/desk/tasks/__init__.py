"""Two-person deeds at the desk."""
