"""What can keep an installation from running."""


class CannotRun(Exception):
    """Something a person must mend first; the message says what and how."""
