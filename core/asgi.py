"""The ASGI application: any ASGI server, `core.asgi:application`."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from core.environment import require_readable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")

application = get_asgi_application()
require_readable(settings.SETTING_PROBLEMS)
