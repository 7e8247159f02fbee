"""Benefits and their conditions: pension, retirement age, unemployment, account interest."""
