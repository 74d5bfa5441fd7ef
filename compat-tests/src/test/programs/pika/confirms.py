"""Publishes with confirms: delivered, dropped, returned as unroutable, to a missing exchange."""
import sys

import pika

connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(sys.argv[1])))
channel = connection.channel()
channel.confirm_delivery()
queue = channel.queue_declare(queue="", exclusive=True).method.queue
channel.basic_publish(exchange="", routing_key=queue, body="one", mandatory=True)
print("confirmed", flush=True)
channel.basic_publish(exchange="", routing_key=queue + "-missing", body="two")
print("confirmed though unroutable", flush=True)
try:
    channel.basic_publish(exchange="", routing_key=queue + "-missing", body="three", mandatory=True)
except pika.exceptions.UnroutableError as error:
    returned = error.messages[0]
    print("returned", returned.method.reply_code, returned.method.reply_text, returned.body.decode())
method, properties, body = channel.basic_get(queue, auto_ack=True)
print("got", body.decode(), method.message_count, flush=True)
try:
    channel.basic_publish(exchange="no-such-exchange", routing_key="k", body="four")
except pika.exceptions.ChannelClosedByBroker as closed:
    print(closed.reply_code, closed.reply_text, flush=True)
connection.close()
