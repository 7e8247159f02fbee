"""The desk's pages of payments: what nobody could match, and what is done about one."""
