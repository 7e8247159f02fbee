"""The reader's language: formats, labels, explanations."""
