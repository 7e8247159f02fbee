"""The desk's pages of assessments."""
