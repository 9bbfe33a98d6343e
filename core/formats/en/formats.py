"""Days and times as our own pages write them: “Thu 26 Nov 2026, 23:47 UTC”."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = r"D j M Y, H:i \U\T\C"  # times of a brand are written with its zone, by Babel
SHORT_DATETIME_FORMAT = r"j M Y, H:i \U\T\C"
FIRST_DAY_OF_WEEK = 1
