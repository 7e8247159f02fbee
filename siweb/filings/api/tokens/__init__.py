"""The pages on which an owner issues tokens to programs and ends them."""
