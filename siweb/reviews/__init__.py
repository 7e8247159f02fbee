"""The annual review: campaigns, cases, outcomes, objections, certification."""
