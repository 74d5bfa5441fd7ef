"""Stays connected for several heartbeat intervals with nothing to do, then publishes."""
import sys

import pika

parameters = pika.ConnectionParameters("127.0.0.1", int(sys.argv[1]), heartbeat=1)
connection = pika.BlockingConnection(parameters)
channel = connection.channel()
queue = channel.queue_declare(queue="", exclusive=True).method.queue
connection.process_data_events(time_limit=4)
channel.basic_publish(exchange="", routing_key=queue, body="still here")
method, properties, body = channel.basic_get(queue, auto_ack=True)
print(body.decode(), flush=True)
connection.close()
