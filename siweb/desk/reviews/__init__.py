"""The desk's pages of reviews that a person of the agency decides."""
