"""Jobs: long work of the admin, done by workers, resumed when one dies."""
