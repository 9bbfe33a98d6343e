"""The reference of the request, also on pages that Django renders without a context."""

from django.template import Library

from core.requests.references import current_reference

register = Library()
register.simple_tag(current_reference, name="reference")
