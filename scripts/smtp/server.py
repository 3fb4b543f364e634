#!/usr/bin/env python3
"""A mail server for the tests: aiosmtpd behind STARTTLS, which takes mail after a login and says what it took.

    server.py PORT CERTIFICATE KEY USER PASSWORD

Prints `ready` once it listens, then a JSON object a mail: sender, recipients, the text as it came. Ends with its standard input.
"""
import json
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Told:
    async def handle_DATA(self, _server, _session, envelope):
        text = envelope.content.decode("utf-8", "replace")
        print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "text": text}), flush=True)
        return "250 taken"


def main():
    port, certificate, key, user, password = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def known(_server, _session, _envelope, _mechanism, data):
        right = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    controller = Controller(
        Told(), hostname="127.0.0.1", port=int(port), server_hostname="localhost", tls_context=context, require_starttls=True,
        authenticator=known, auth_required=True,
    )
    controller.start()
    print("ready", flush=True)
    sys.stdin.read()
    controller.stop()


if __name__ == "__main__":
    main()
