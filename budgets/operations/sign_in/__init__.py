"""Signing in: so many guesses and no more, and the second step."""
