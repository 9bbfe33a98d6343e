"""Forecast: what is under way, spent and not reported yet, and until when a campaign may run."""
