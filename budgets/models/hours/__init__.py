"""When campaigns may run: dates on which other hours count than those of the week."""
