"""Jobs: long work is started here, watched while it runs, and its result is shown."""
