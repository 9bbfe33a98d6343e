"""What a browser may do with our pages: whose scripts run, who may frame them, which devices work.

Neither scripts nor style sheets may stand in a page. What Unfold asks for stands beside its reason.
"""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

THEME = "'sha256-qkXN7ovwlZOu/U1HKPXiXrFVfos8DSiawa8sy+wYmGQ='"
"""The colours of `core.looks`, which Unfold writes into each page; a test says what it must be."""

HTMX = "'sha256-bsV5JivYxvGywDAZ22EZJKBFip65Ng9xoJVLbBg7bdo='"
"""What htmx, of Unfold, adds to each page."""

BEAT = "'sha256-QE3U2xYF7B4J2ro1/9oxiKhaWCGW39gB7ocQ/xlD0bE='"
"""The script of django-celery-beat on the page of a periodic task."""

CONTENT_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, UNSAFE_EVAL, BEAT],  # Alpine, of Unfold, evaluates attributes
        "style-src-elem": [SELF, THEME, HTMX],
        "style-src-attr": [UNSAFE_INLINE],  # Alpine sets `style` on the bar of actions
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

DENIED = (
    "accelerometer autoplay browsing-topics camera display-capture encrypted-media geolocation "
    "gyroscope hid local-fonts magnetometer microphone midi payment serial usb xr-spatial-tracking"
)
NO_FEATURES: dict[str, list[str]] = {feature: [] for feature in DENIED.split()}
