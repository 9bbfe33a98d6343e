"""Cells: what people and spreadsheets write, read exactly or refused; never guessed."""
