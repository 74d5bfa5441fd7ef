"""Consumes from the queue 'hello' and never acknowledges."""
import sys

import pika


def received(channel, method, properties, body):
    print("redelivered" if method.redelivered else "new", body.decode(), flush=True)


connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(sys.argv[1])))
channel = connection.channel()
channel.queue_declare(queue="hello")
channel.basic_consume(queue="hello", on_message_callback=received)
print("waiting", flush=True)
channel.start_consuming()
