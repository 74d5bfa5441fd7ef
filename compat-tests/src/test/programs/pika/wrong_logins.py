"""Tries a wrong password and a vhost that does not exist."""
import sys

import pika


def attempt(**changed):
    parameters = pika.ConnectionParameters("127.0.0.1", int(sys.argv[1]), **changed)
    try:
        pika.BlockingConnection(parameters).close()
        print("connected", flush=True)
    except pika.exceptions.AMQPConnectionError as error:
        print(type(error).__name__, flush=True)


attempt()
attempt(credentials=pika.PlainCredentials("guest", "wrong"))
attempt(virtual_host="no-such-vhost")
