"""People: who may sign in, what their role is, and the links by which they choose a password."""
