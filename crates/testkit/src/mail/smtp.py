# A mail server that keeps what it takes: `smtp.py PORT FOLDER plain|guarded`.
#
# Each mail is a file in FOLDER/mails, in the order in which they came, with the envelope in front. An
# address that begins with `gone` is refused for good, one with `later` is put off twice, one with `slow`
# is taken after a second. A guarded server wants STARTTLS and the account `post` with the password
# `letters`.
import asyncio, collections, os, ssl, sys

from aiosmtpd.smtp import SMTP, AuthResult

port, folder, mode = int(sys.argv[1]), sys.argv[2], sys.argv[3]
mails = os.path.join(folder, "mails")
os.makedirs(mails, exist_ok=True)


class Keeping:
    def __init__(self):
        self.count, self.tries = 0, collections.Counter()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 5.1.1 <%s> is not known here" % address
        if address.startswith("later") and self.tries[address] < 2:
            self.tries[address] += 1
            return "451 4.3.0 %s: try again" % address
        if address.startswith("slow"):
            await asyncio.sleep(1)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        name = os.path.join(mails, "%06d" % self.count)
        with open(name + ".part", "wb") as file:
            head = "X-Envelope: %s -> %s\r\n" % (envelope.mail_from, " ".join(envelope.rcpt_tos))
            file.write(head.encode() + envelope.content)
        os.rename(name + ".part", name + ".eml")
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    good = getattr(data, "login", b"") == b"post" and getattr(data, "password", b"") == b"letters"
    # Not handled: the server answers 535 itself.
    return AuthResult(success=True) if good else AuthResult(success=False, handled=False)


settings = {}
if mode == "guarded":
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"))
    settings = {
        "tls_context": tls,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": authenticate,
    }


async def serve():
    handler = Keeping()
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: SMTP(handler, loop=loop, **settings), "127.0.0.1", port)
    await asyncio.Event().wait()


asyncio.run(serve())
