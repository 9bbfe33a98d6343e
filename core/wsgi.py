"""The WSGI application: `gunicorn core.wsgi`."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from core.environment import require

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")

application = get_wsgi_application()
require(settings.SETTING_PROBLEMS)
