"""Edits that are seen before they are made, and undone after."""
