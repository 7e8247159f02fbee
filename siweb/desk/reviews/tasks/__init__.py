"""The desk's pages of tasks that follow from reviews."""
