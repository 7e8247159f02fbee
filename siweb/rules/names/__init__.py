"""How names are read and looked for: written, in pinyin with every reading, by their initials."""
