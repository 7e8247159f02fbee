"""Commands about accounts, pensions, retirement and benefits."""
