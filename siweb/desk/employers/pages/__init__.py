"""An employer on one page: what every page about one begins with, and the parts it leads to."""
