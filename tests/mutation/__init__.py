"""Change the office's code in small ways, one at a time: a test must notice each (docs/mutation.md)."""
