"""When to start a program that died again."""

DELAYS_SECONDS = (1, 2, 4, 8)
HEALTHY_AFTER_SECONDS = 60


class Restarts:
    """Counts the deaths of one program that followed each other quickly."""

    def __init__(self) -> None:
        self._quick_deaths = 0

    def delay_seconds(self, *, ran_seconds: float) -> float | None:
        """Return how long to wait before the next start, None when it is time to give up."""
        if ran_seconds >= HEALTHY_AFTER_SECONDS:
            self._quick_deaths = 0
        if self._quick_deaths >= len(DELAYS_SECONDS):
            return None
        delay = DELAYS_SECONDS[self._quick_deaths]
        self._quick_deaths += 1
        return delay
