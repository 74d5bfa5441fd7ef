"""Publishes once it is told that the broker is low on memory, and waits to be blocked and unblocked."""
import sys

import pika

connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(sys.argv[1])))
channel = connection.channel()
told = []


def blocked(_connection, frame):
    print("blocked:", frame.method.reason, flush=True)


def unblocked(_connection, _frame):
    print("unblocked", flush=True)
    told.append("unblocked")


connection.add_on_connection_blocked_callback(blocked)
connection.add_on_connection_unblocked_callback(unblocked)
queue = channel.queue_declare(queue="", exclusive=True).method.queue
print("ready", flush=True)
sys.stdin.readline()
channel.basic_publish(exchange="", routing_key=queue, body="taken later")
while not told:
    connection.process_data_events(time_limit=0.1)
_method, _properties, body = channel.basic_get(queue=queue, auto_ack=True)
print("got", body.decode(), flush=True)
connection.close()
