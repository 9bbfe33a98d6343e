"""Accounts at ad platforms, and the campaigns that are linked to them."""
