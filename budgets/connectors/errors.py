"""What can go wrong between us and an ad platform, by what is to be done about it."""

from datetime import timedelta


class ConnectorError(Exception):
    """A call that failed; its text tells a person what was wrong and what to do."""


class TemporaryError(ConnectorError):
    """Try again later. Whether the platform did what it was asked is not known."""


class PermanentError(ConnectorError):
    """Trying again does not help before somebody changes something."""


class CredentialsError(ConnectorError):
    """The platform refuses the credentials; nothing was done."""


class RateLimited(ConnectorError):
    """Too many calls; nothing was done. The platform takes more after a while."""

    def __init__(self, message: str, *, retry_after: timedelta) -> None:
        super().__init__(message)
        self.retry_after = retry_after
