"""The pages of one's own passkeys: adding, naming and removing them."""
