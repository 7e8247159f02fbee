"""What runs in the background, and the worker that runs it."""
