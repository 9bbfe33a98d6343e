"""The mail server, as the environment names it."""

from typing import NamedTuple

from core.environment import Environment

PORTS = {"TLS": 587, "SSL": 465, "NONE": 25}


class MailServer(NamedTuple):
    """What Django sends mail by; without a host it sends none."""

    host: str
    port: int
    user: str
    password: str
    use_tls: bool
    use_ssl: bool
    sender: str


def mail_server(environment: Environment) -> MailServer:
    """Read the server, our user there and who mail comes from."""
    security = environment.choice("EMAIL_SECURITY", "TLS", tuple(PORTS))
    user = environment.text("EMAIL_HOST_USER")
    return MailServer(
        host=environment.text("EMAIL_HOST"),
        port=environment.whole("EMAIL_PORT") or PORTS[security],
        user=user,
        password=environment.text("EMAIL_HOST_PASSWORD"),
        use_tls=security == "TLS",
        use_ssl=security == "SSL",
        sender=environment.text("DEFAULT_FROM_EMAIL", user),
    )
