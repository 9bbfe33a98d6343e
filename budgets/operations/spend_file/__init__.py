"""A spend file: CSV from a spreadsheet or a platform; previewed, imported, and told row by row."""
