"""Read XLSX: the archive, its small parts, the rows of a sheet and how it looks."""
