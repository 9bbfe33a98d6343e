"""The REST API: the door for programs. People use the admin."""
