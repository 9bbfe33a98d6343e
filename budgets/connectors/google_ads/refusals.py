"""What Google Ads answers when it does not do what it was asked, as the errors of a connector."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from google.ads.googleads.errors import GoogleAdsException
from google.ads.googleads.util import convert_proto_plus_to_protobuf
from google.api_core.exceptions import GoogleAPICallError
from google.auth.exceptions import GoogleAuthError
from grpc import RpcError, StatusCode

from budgets.connectors.errors import (
    ConnectorError,
    CredentialsError,
    PermanentError,
    RateLimited,
    TemporaryError,
)

RETRY_AFTER = timedelta(minutes=1)
LONGEST_TEXT = 300

WRONG_ID = "Google Ads has no account with this customer ID; is it right?"
NO_ACCESS = (
    "The login may not use this account. Give that person access to it, or enter the ID of the "
    "manager account through which they have it."
)
UNKNOWN = "Google Ads does not know this campaign; is its ID right?"
NOT_IN_TIME = "Google Ads did not answer in time."
TOLD: dict[str, tuple[type[ConnectorError], str]] = {
    "CUSTOMER_NOT_FOUND": (PermanentError, WRONG_ID),
    "CLIENT_CUSTOMER_ID_INVALID": (PermanentError, WRONG_ID),
    "INVALID_CUSTOMER_ID": (PermanentError, WRONG_ID),
    "USER_PERMISSION_DENIED": (CredentialsError, NO_ACCESS),
    "INVALID_LOGIN_CUSTOMER_ID": (CredentialsError, NO_ACCESS),
    "INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION": (CredentialsError, NO_ACCESS),
    "CUSTOMER_NOT_ENABLED": (PermanentError, "Google Ads closed this account, or never opened it."),
    "ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT": (PermanentError, "The account is suspended."),
    "RESOURCE_NOT_FOUND": (PermanentError, UNKNOWN),
    "OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE": (
        PermanentError,
        "The campaign was removed in Google Ads.",
    ),
    "CONCURRENT_MODIFICATION": (TemporaryError, "Somebody else changed it at the same moment."),
    "DEADLINE_EXCEEDED": (TemporaryError, NOT_IN_TIME),
}
KINDS: dict[str, type[ConnectorError]] = {
    "authentication_error": CredentialsError,
    "authorization_error": CredentialsError,
    "header_error": CredentialsError,
    "internal_error": TemporaryError,
}


@contextmanager
def calling() -> Iterator[None]:
    """Raise what goes wrong within as a `ConnectorError`."""
    try:
        yield
    except GoogleAdsException as error:
        raise refused(convert_proto_plus_to_protobuf(error.failure)) from None
    except GoogleAPICallError as error:
        raise not_answered(error.grpc_status_code) from None
    except RpcError as error:
        raise not_answered(error.code()) from None
    except GoogleAuthError:
        raise TemporaryError("Google's sign-in did not answer.") from None


def refused(failure: Any) -> ConnectorError:
    """Return what a `GoogleAdsFailure` says first."""
    for error in failure.errors:
        return error_of(error)
    return TemporaryError("Google Ads refused without a reason.")


def error_of(error: Any) -> ConnectorError:
    """Return what a `GoogleAdsError` means to us."""
    kind = error.error_code.WhichOneof("error_code") or ""
    name = code_name(error.error_code, kind)
    if kind == "quota_error":
        delay = error.details.quota_error_details.retry_delay.ToTimedelta()
        return RateLimited("Google Ads takes no more for now.", retry_after=delay or RETRY_AFTER)
    if name in TOLD:
        told, text = TOLD[name]
        return told(text)
    text = f"Google Ads refuses: {error.message[:LONGEST_TEXT].rstrip('.')} ({name})."
    return KINDS.get(kind, PermanentError)(text)


def code_name(code: Any, kind: str) -> str:
    """Return the name of an error's code, such as `CUSTOMER_NOT_FOUND`."""
    if not kind:
        return "UNKNOWN"
    values = code.DESCRIPTOR.fields_by_name[kind].enum_type.values_by_number
    number = getattr(code, kind)
    return str(values[number].name) if number in values else str(number)


def not_answered(code: StatusCode | None) -> ConnectorError:
    """Return what it means that there is a status and no answer of the API."""
    if code is StatusCode.RESOURCE_EXHAUSTED:
        return RateLimited("Google Ads takes no more for now.", retry_after=RETRY_AFTER)
    if code in (StatusCode.UNAUTHENTICATED, StatusCode.PERMISSION_DENIED):
        return CredentialsError("Google Ads does not let us in with these credentials.")
    if code is StatusCode.DEADLINE_EXCEEDED:
        return TemporaryError(NOT_IN_TIME)
    return TemporaryError(
        f"Google Ads could not be reached ({code.name if code else 'no status'})."
    )
