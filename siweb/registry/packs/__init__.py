"""Parameter packs as the database keeps them."""
