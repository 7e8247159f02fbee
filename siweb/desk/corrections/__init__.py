"""The desk's pages that correct a person's record or identity."""
