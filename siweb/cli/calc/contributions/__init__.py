"""Commands about premiums, late fees, assessments, hires and the figures behind them."""
