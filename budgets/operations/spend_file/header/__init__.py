"""Headers: which line of a file names its columns, what they are, and whose report it is."""
