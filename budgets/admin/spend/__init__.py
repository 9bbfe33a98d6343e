"""Spend: read, typed in, and imported from files."""
