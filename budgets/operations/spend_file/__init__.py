"""A spend file: CSV from a spreadsheet or a platform: previewed, imported, reported by row."""
