"""Which campaign each row of a file means: found, matched by a person, left out, or unknown."""
