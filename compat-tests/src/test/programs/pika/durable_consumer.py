"""Declares the queue 'test_queue' as durable and consumes from it without acknowledgements."""
import sys

import pika


def received(channel, method, properties, body):
    print("received", body.decode(), flush=True)


connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(sys.argv[1])))
channel = connection.channel()
try:
    channel.queue_declare(queue="test_queue", durable=True)
except pika.exceptions.ChannelClosedByBroker as closed:
    print(closed.reply_code, closed.reply_text, flush=True)
    sys.exit(0 if connection.is_open else 3)
channel.basic_consume(queue="test_queue", on_message_callback=received, auto_ack=True)
print("waiting", flush=True)
channel.start_consuming()
