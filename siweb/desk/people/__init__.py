"""The desk's pages about one person: transfers of the account, death, heirs."""
