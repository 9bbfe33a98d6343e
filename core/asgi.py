"""The application as it is served: `granian --interface asgi core.asgi:application`.

It is `core.wsgi`, behind what takes slow clients off its threads; any ASGI server serves it.
"""

from django.conf import settings
from django.urls import reverse

from core.serving.limits import Limits
from core.serving.server import Server
from core.wsgi import application as wsgi_application  # sets up what the next import needs

# isort: split
from budgets.large_bodies import may_send_much

FORGOTTEN = "admin_password_reset"

application = Server(
    wsgi_application,
    Limits(
        threads=settings.WEB_THREADS,
        body_bytes=settings.REQUEST_MAX_BYTES,
        # A password is hashed for long, and a link waits.
        costly=frozenset(map(reverse, ("admin:login", "admin:password_change", FORGOTTEN))),
    ),
    may_send_much=may_send_much,
)
