"""A batch of people of a levy: what is peculiar to them, and what they come to by payer."""
