"""What the SQL of both databases needs: their dialects, and rows handed over in bulk."""
