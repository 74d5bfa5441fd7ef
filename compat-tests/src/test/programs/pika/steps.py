"""What every client is tried with, by pika's BlockingConnection: steps.py steps|restart URI QUEUE"""
import sys
import time

import pika
from pika.exceptions import AMQPConnectionError, ChannelClosedByBroker, UnroutableError

PERSISTENT = pika.BasicProperties(delivery_mode=2)
HEADERS = {
    "text": "häse",
    "number": 7,
    "big": 2**40,
    "yes": True,
    "list": [1, "two"],
    "table": {"in": "side"},
}
LARGE = b"x" * 300_000


def say(*words):
    print(*(str(word).lower() if isinstance(word, bool) else word for word in words), flush=True)


def channel_error(connection, action):
    """Runs the action on a channel of its own and tells why the broker closes that."""
    channel = connection.channel()
    channel.confirm_delivery()
    try:
        action(channel)
    except ChannelClosedByBroker as closed:
        say(closed.reply_code, closed.reply_text)


def take(channel, queue, count):
    """Takes so many messages with a prefetch count of 1; leaves the last unacknowledged."""
    channel.basic_qos(prefetch_count=1)
    for method, _properties, body in channel.consume(queue):
        say("delivered", body.decode(), method.redelivered)
        count -= 1
        if count == 0:
            return method
        channel.basic_ack(method.delivery_tag)


def steps(uri, queue):
    connection = pika.BlockingConnection(pika.URLParameters(uri))
    channel = connection.channel()
    declared = channel.queue_declare(queue, durable=True).method
    say("declared", declared.message_count, declared.consumer_count)

    channel.confirm_delivery()
    for body in "one", "two", "three":
        channel.basic_publish("", queue, body, PERSISTENT)
    say("confirmed", 3)
    try:
        channel.basic_publish("", queue + "-missing", "lost", mandatory=True)
    except UnroutableError as unroutable:
        returned = unroutable.messages[0]
        say("returned", returned.method.reply_code, returned.method.reply_text, returned.body.decode())

    method, _properties, body = channel.basic_get(queue)
    say("got", body.decode(), method.redelivered, method.message_count)
    channel.basic_nack(method.delivery_tag)
    take(channel, queue, 2)
    channel.close()
    channel = connection.channel()
    method = take(channel, queue, 2)
    channel.basic_ack(method.delivery_tag)
    channel.close()

    channel = connection.channel()
    channel.basic_publish("", queue, "", pika.BasicProperties(headers=HEADERS))
    channel.basic_publish("", queue, LARGE)
    for method, properties, body in channel.consume(queue, auto_ack=True):
        if properties.headers:
            say("headers", "same" if properties.headers == HEADERS else properties.headers)
        else:
            say("large", "same" if body == LARGE else len(body))
            break
    channel.close()

    channel_error(connection, lambda ch: ch.queue_declare(queue + "-missing", passive=True))
    channel_error(connection, lambda ch: ch.queue_declare(queue, durable=False))
    channel_error(connection, lambda ch: ch.basic_publish(queue + "-missing", "", ""))
    say("deleted", connection.channel().queue_delete(queue).method.message_count)
    connection.close()


def connect_again(uri):
    until = time.monotonic() + 60
    while True:
        try:
            return pika.BlockingConnection(pika.URLParameters(uri))
        except AMQPConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def restart(uri, queue):
    channel = pika.BlockingConnection(pika.URLParameters(uri)).channel()
    channel.queue_declare(queue, durable=True)
    channel.confirm_delivery()
    channel.basic_publish("", queue, "before", PERSISTENT)
    say("ready")
    try:
        for method, _properties, body in channel.consume(queue):
            say("delivered", body.decode(), method.redelivered)
    except AMQPConnectionError:
        say("lost")
    connection = connect_again(uri)
    say("back")
    channel = connection.channel()
    channel.confirm_delivery()
    for method, _properties, body in channel.consume(queue):
        say("delivered", body.decode(), method.redelivered)
        channel.basic_ack(method.delivery_tag)
        if body == b"after":
            break
        channel.basic_publish("", queue, "after", PERSISTENT)
        say("confirmed after")
    connection.close()


{"steps": steps, "restart": restart}[sys.argv[1]](*sys.argv[2:])
