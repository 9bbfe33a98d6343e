"""Simulation: rehearse a world of demand and late reports, and measure what policies make of it."""
