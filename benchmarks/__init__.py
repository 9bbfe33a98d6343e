"""Benchmarks: each makes its own database, prints one table and leaves nothing behind.

Django is set up here, on the database that `DATABASE_URL` names when the process starts.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
django.setup()
