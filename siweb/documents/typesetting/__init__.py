"""From a paper's content to its PDF: text, fonts, typesetting."""
