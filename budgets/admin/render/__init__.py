"""Figures and texts as HTML."""
