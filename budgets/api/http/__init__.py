"""What every endpoint shares: bodies, keys, limits, pages, problems."""
