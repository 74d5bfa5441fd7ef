"""Fills a stream, then reads it from an offset on, and again from a time before it was filled."""
import datetime
import sys

import pika

connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(sys.argv[1])))
channel = connection.channel()
channel.queue_declare(
    queue="test_stream",
    durable=True,
    arguments={"x-queue-type": "stream", "x-max-length-bytes": 1000000, "x-max-age": "1D"},
)
channel.confirm_delivery()
for number in range(5):
    channel.basic_publish(exchange="", routing_key="test_stream", body="message %d" % number)
print("confirmed", flush=True)


def read(place, count):
    seen = []

    def on_message(ch, method, properties, body):
        offset = int(properties.headers["x-stream-offset"])
        seen.append("%d %s %s" % (offset, body.decode(), method.redelivered))
        ch.basic_ack(method.delivery_tag)
        if len(seen) == count:
            ch.stop_consuming()

    reader = connection.channel()
    reader.basic_qos(prefetch_count=2)
    reader.basic_consume("test_stream", on_message, arguments={"x-stream-offset": place})
    reader.start_consuming()
    reader.close()
    for line in seen:
        print(line, flush=True)


read(3, 2)
read(datetime.datetime.utcnow() - datetime.timedelta(hours=1), 5)
try:
    connection.channel().basic_consume("test_stream", lambda *delivery: None)
except pika.exceptions.ChannelClosedByBroker as closed:
    print(closed.reply_code, flush=True)
connection.close()
