"""Transfers of the pension relation (关系转移接续): applied for and followed, step by step."""
