"""What is exchanged with ad platforms: spend comes in, statuses go out, an account at a time."""
