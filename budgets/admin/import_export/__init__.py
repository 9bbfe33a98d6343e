"""Brands, schedules and campaigns as files."""
