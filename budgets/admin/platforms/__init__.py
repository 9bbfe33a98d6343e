"""The pages of accounts at ad platforms, and of the campaigns that are linked to them."""
