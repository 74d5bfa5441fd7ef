"""Declares the queue 'test_queue' and publishes one message to the exchange 'test_exchange'."""
import sys

import pika

connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(sys.argv[1])))
channel = connection.channel()
channel.queue_declare(queue="test_queue")
channel.basic_publish(exchange="test_exchange", routing_key="test_queue", body="Hello, World!")
print("sent", flush=True)
connection.close()
