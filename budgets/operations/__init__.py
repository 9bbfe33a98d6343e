"""Everything that writes. Each operation takes the instant it acts at."""
