"""Pictures of numbers: drawn by the server as SVG, in whole numbers, each beside its table."""
