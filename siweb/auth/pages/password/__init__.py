"""The page on which the owner of an account changes its password."""
