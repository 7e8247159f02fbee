"""Every record of a run, worked out again: by the base declared, the terms kept, and the rule."""
