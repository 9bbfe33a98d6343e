"""Signing in, and what is remembered of it."""
