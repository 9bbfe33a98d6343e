"""Edits by people: saved, recorded, previewed, undone, and decided in the same transaction."""
