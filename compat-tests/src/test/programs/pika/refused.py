"""Publishes with confirms to a queue that is full and refuses more."""
import sys

import pika

connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(sys.argv[1])))
channel = connection.channel()
channel.confirm_delivery()
limits = {"x-max-length": 1, "x-overflow": "reject-publish"}
queue = channel.queue_declare(queue="", exclusive=True, arguments=limits).method.queue
channel.basic_publish(exchange="", routing_key=queue, body="one")
print("confirmed", flush=True)
try:
    channel.basic_publish(exchange="", routing_key=queue, body="two")
except pika.exceptions.NackError:
    print("refused", flush=True)
connection.close()
