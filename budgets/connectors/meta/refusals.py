"""What Meta answers when it does not do what it was asked, as the errors of a connector.

Nothing of a request is repeated: its address has the access token in it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from facebook_business.exceptions import FacebookError, FacebookRequestError
from requests.exceptions import RequestException, Timeout

from budgets.connectors.errors import (
    ConnectorError,
    CredentialsError,
    PermanentError,
    RateLimited,
    TemporaryError,
)
from budgets.connectors.meta.usage import wait

LONGEST_TEXT = 300

NO_TOKEN = 190
NO_SUCH_OBJECT = 33
"""Subcode: the ID is wrong, or of something that the token may not see."""
TEMPORARY = {1, 2}
SESSION = {102, NO_TOKEN}
PERMISSION = {10, *range(200, 300)}
LIMITED = {4, 17, 32, 341, 368, 613, *range(80_000, 80_015)}


@contextmanager
def calling() -> Iterator[None]:
    """Raise what goes wrong within as a `ConnectorError`."""
    try:
        yield
    except FacebookRequestError as error:
        raise refused(error) from None
    except Timeout:
        raise TemporaryError("Meta did not answer in time.") from None
    except RequestException:
        raise TemporaryError("Meta could not be reached.") from None
    except (FacebookError, AttributeError, LookupError, TypeError, ValueError):
        # The client takes whatever is no error for the answer, such as the page of a proxy.
        raise TemporaryError("Meta answered with what is no answer.") from None


def refused(error: FacebookRequestError) -> ConnectorError:
    """Return what an answer of the API means to us."""
    code, subcode = error.api_error_code(), error.api_error_subcode()
    text = str(error.api_error_message() or "")[:LONGEST_TEXT].rstrip(".")
    if code in LIMITED:
        return RateLimited(
            "Meta takes no more for now.", retry_after=wait(headers_of(error.http_headers()))
        )
    if code in SESSION:
        return CredentialsError(f"Meta does not accept the access token: {text}.")
    if code in PERMISSION:
        return CredentialsError(
            f"The access token may not do this: {text}. It needs ads_read and ads_management, and "
            "its user a role in the ad account."
        )
    if code == 100 and "appsecret_proof" in text:
        return CredentialsError("The app wants its secret with every call: enter the right one.")
    if code == 100 and subcode == NO_SUCH_OBJECT:
        return PermanentError("Meta does not know it under this ID, or the token may not see it.")
    if code is None or code in TEMPORARY or error.api_transient_error():
        return TemporaryError(f"Meta answered {error.http_status()}.")
    return PermanentError(f"Meta refuses: {text} ({code}).")


def headers_of(headers: object) -> Mapping[str, str]:
    """Return headers by name; those of a part of a batch come as a list."""
    if isinstance(headers, Mapping):
        return headers
    listed = headers if isinstance(headers, list) else []
    return {str(each.get("name")): str(each.get("value")) for each in listed}
