"""The way in: password, second step, idle sessions, and the owners' page about all of it."""

from django.contrib import admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

# Their own pages would show secrets, and give one's codes to another.
admin.site.unregister(TOTPDevice)
admin.site.unregister(StaticDevice)
