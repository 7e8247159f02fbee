"""Copies of all that the office keeps about one person, for that person (个人信息保护法 45)."""
