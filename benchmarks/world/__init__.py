"""What the benchmarks share: a scratch database, a made-up agency, a stopwatch."""
