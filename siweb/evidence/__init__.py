"""Evidence (佐证材料): scans of the papers that a deed rests on, and who opened them."""
