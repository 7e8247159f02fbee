"""E-mail by SMTP, with the standard library."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

from siweb.messages.gateways.gateway import Outgoing, SendingFailed

# A server that does not answer must not hold up the other jobs of a worker.
_SECONDS = 20
# From here on a server's answer is final: it knows no such address (RFC 5321, 4.2.1).
_FINAL = 500


@dataclass(frozen=True, slots=True)
class SmtpGateway:
    """Signs in where a user is given; `security` is starttls, tls or none."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    user: str = ""
    password: str = ""

    def send(self, outgoing: Outgoing) -> None:
        """Hand one e-mail to the server.

        :raises SendingFailed: "address" for good; "server" or "connection", to be tried again.
        """
        try:
            with self._connect() as server:
                server.send_message(self._written(outgoing))
        except smtplib.SMTPRecipientsRefused as refused:
            is_final = all(code >= _FINAL for code, _text in refused.recipients.values())
            raise SendingFailed("address", is_final=is_final) from None
        except smtplib.SMTPException:
            raise SendingFailed("server") from None
        except (OSError, ValueError):
            raise SendingFailed("connection") from None

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=_SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
        if self.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self.user:
            server.login(self.user, self.password)
        return server

    def _written(self, outgoing: Outgoing) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, outgoing.address, outgoing.subject
        # Answered by machines: nobody's absence note comes back (RFC 3834).
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(outgoing.text)
        return mail
