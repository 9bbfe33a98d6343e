"""The WSGI application, which `core.asgi` serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from core.environment import require_readable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")

application = get_wsgi_application()
require_readable(settings.SETTING_PROBLEMS)
