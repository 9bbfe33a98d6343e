"""What becomes of old entries."""
