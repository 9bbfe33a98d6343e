"""Sheets: tables as people download them, CSV or XLSX, read row by row in bounded memory."""
