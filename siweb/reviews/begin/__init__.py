"""How a review begins: what is due, who helps, which month is questioned."""
