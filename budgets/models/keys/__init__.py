"""API keys: what programs show to be let in, and what they were answered."""
