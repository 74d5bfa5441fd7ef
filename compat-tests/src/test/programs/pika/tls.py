"""Connects with TLS and gets its own message: tls.py PORT HOSTNAME CA [CERTIFICATE KEY [external]]."""

import ssl
import sys

import pika

port, hostname, authority = int(sys.argv[1]), sys.argv[2], sys.argv[3]
context = ssl.create_default_context(cafile=authority)
if len(sys.argv) > 5:
    context.load_cert_chain(sys.argv[4], sys.argv[5])
credentials = pika.PlainCredentials("guest", "guest")
if len(sys.argv) > 6:
    credentials = pika.credentials.ExternalCredentials()
parameters = pika.ConnectionParameters(
    "127.0.0.1",
    port,
    credentials=credentials,
    ssl_options=pika.SSLOptions(context, hostname),
    blocked_connection_timeout=60,
    stack_timeout=60,
    socket_timeout=60,
)
try:
    connection = pika.BlockingConnection(parameters)
except Exception as refused:  # pylint: disable=broad-except
    print("refused:", type(refused).__name__, repr(refused))
    sys.exit(0)
channel = connection.channel()
queue = channel.queue_declare("", exclusive=True).method.queue
body = bytes(range(256)) * 8000
channel.basic_publish("", queue, body)
print("same" if channel.basic_get(queue, auto_ack=True)[2] == body else "different")
connection.close()
