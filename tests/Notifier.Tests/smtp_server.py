"""An SMTP server for tests (aiosmtpd): FOLDER PORT [CERTIFICATE KEY].

With a certificate it wants STARTTLS and then the account "bot" with the password "right". Mail that it takes is in FOLDER/mail;
the text of FOLDER/answers/ADDRESS, such as "450 4.2.1 Busy", is what it says of that recipient.
"""
import os
import ssl
import sys
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

folder, port, *certificate = sys.argv[1:]


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        try:
            with open(os.path.join(folder, "answers", address), encoding="utf-8") as answer:
                return answer.read().strip()
        except FileNotFoundError:
            envelope.rcpt_tos.append(address)
            return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        path = os.path.join(folder, f"{time.time_ns()}.eml")
        with open(path, "wb") as mail:
            mail.write(f"X-Recipients: {' '.join(envelope.rcpt_tos)}\r\n".encode() + envelope.content)
        os.rename(path, os.path.join(folder, "mail", os.path.basename(path)))
        return "250 2.6.0 OK"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"bot", b"right"), handled=False)


settings = {}
if certificate:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    settings = dict(tls_context=context, require_starttls=True, auth_required=True, authenticator=authenticate)

for name in ("mail", "answers"):
    os.makedirs(os.path.join(folder, name), exist_ok=True)
Controller(Handler(), hostname="127.0.0.1", port=int(port), **settings).start()
threading.Event().wait()
