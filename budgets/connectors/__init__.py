"""Connectors: the code that speaks to ad platforms."""
