"""Publishes to itself and consumes with pika's callback style, acknowledging each message."""
import sys

import pika


class Program:
    COUNT = 20

    def __init__(self, port):
        self.seen = []
        self.connection = pika.SelectConnection(
            pika.ConnectionParameters("127.0.0.1", port),
            on_open_callback=lambda connection: connection.channel(on_open_callback=self.opened),
            on_close_callback=lambda connection, reason: connection.ioloop.stop(),
        )

    def opened(self, channel):
        self.channel = channel
        channel.basic_qos(prefetch_count=3, callback=self.limited)

    def limited(self, frame):
        self.channel.queue_declare("", exclusive=True, callback=self.declared)

    def declared(self, frame):
        self.queue = frame.method.queue
        self.channel.basic_consume(self.queue, self.received, callback=self.consuming)

    def consuming(self, frame):
        for number in range(self.COUNT):
            self.channel.basic_publish("", self.queue, str(number))

    def received(self, channel, method, properties, body):
        self.seen.append(int(body))
        channel.basic_ack(method.delivery_tag)
        if len(self.seen) == self.COUNT:
            self.connection.close()


program = Program(int(sys.argv[1]))
program.connection.ioloop.start()
print("in order" if program.seen == list(range(Program.COUNT)) else program.seen, flush=True)
