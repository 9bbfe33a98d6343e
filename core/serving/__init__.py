"""Serve the WSGI application through ASGI, so that no slow client holds one of its threads."""
