"""Sends ten numbered messages to the queue 'hello', each on a connection of its own."""
import sys

import pika


def send(port, text):
    connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", port))
    channel = connection.channel()
    channel.queue_declare(queue="hello")
    channel.basic_publish(exchange="", routing_key="hello", body=text)
    print("sent", text, flush=True)
    connection.close()


for number in range(10):
    send(int(sys.argv[1]), f"Hello World {number}")
