"""The signed-in person's home: what waits for them, and what they have."""
