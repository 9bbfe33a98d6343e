"""Spend reported by programs."""
