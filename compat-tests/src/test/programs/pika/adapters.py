"""Confirms, redelivery and errors with callbacks: adapters.py select|asyncio URI QUEUE"""
import sys

import pika
from pika.adapters.asyncio_connection import AsyncioConnection

PERSISTENT = pika.BasicProperties(delivery_mode=2)


def say(*words):
    print(*(str(word).lower() if isinstance(word, bool) else word for word in words), flush=True)


class Steps:
    """Each callback starts the next step."""

    def __init__(self, adapter, uri, queue):
        self.queue = queue
        self.unconfirmed = {1, 2, 3, 4}
        self.connection = adapter(
            pika.URLParameters(uri),
            on_open_callback=self.connected,
            on_close_callback=self.closed,
        )

    def connected(self, connection):
        connection.channel(on_open_callback=self.opened)

    def closed(self, connection, reason):
        say("closed", reason.reply_code)
        connection.ioloop.stop()

    def opened(self, channel):
        self.channel = channel
        channel.add_on_return_callback(self.returned)
        channel.queue_declare(self.queue, durable=True, callback=self.declared)

    def declared(self, frame):
        say("declared", frame.method.message_count, frame.method.consumer_count)
        self.channel.confirm_delivery(self.confirmed, callback=self.publish)

    def publish(self, _select_ok):
        for body in "one", "two", "three":
            self.channel.basic_publish("", self.queue, body, PERSISTENT)
        self.channel.basic_publish("", self.queue + "-missing", "lost", mandatory=True)

    def returned(self, _channel, method, _properties, body):
        say("returned", method.reply_code, method.reply_text, body.decode())

    def confirmed(self, frame):
        ack = frame.method
        self.unconfirmed -= set(range(ack.delivery_tag + 1)) if ack.multiple else {ack.delivery_tag}
        if not self.unconfirmed:
            say("confirmed")
            self.consume(self.channel)

    def consume(self, channel):
        channel.basic_qos(prefetch_count=1)
        channel.basic_consume(self.queue, self.delivered)

    def consume_again(self, _channel, _reason):
        self.connection.channel(on_open_callback=self.consume)

    def delivered(self, channel, method, _properties, body):
        say("delivered", body.decode(), method.redelivered)
        if body == b"one" and not method.redelivered:
            channel.basic_nack(method.delivery_tag)
        elif body == b"two" and not method.redelivered:
            channel.add_on_close_callback(self.consume_again)
            channel.close()
        else:
            channel.basic_ack(method.delivery_tag)
            if body == b"three":
                channel.add_on_close_callback(self.refused)
                channel.queue_declare(self.queue, durable=False)

    def refused(self, _channel, reason):
        say(reason.reply_code, reason.reply_text)
        self.connection.channel(on_open_callback=self.delete)

    def delete(self, channel):
        channel.queue_delete(self.queue, callback=self.deleted)

    def deleted(self, frame):
        say("deleted", frame.method.message_count)
        self.connection.close()


adapters = {"select": pika.SelectConnection, "asyncio": AsyncioConnection}
ioloop = Steps(adapters[sys.argv[1]], *sys.argv[2:]).connection.ioloop
if sys.argv[1] == "asyncio":
    ioloop.run_forever()
else:
    ioloop.start()
