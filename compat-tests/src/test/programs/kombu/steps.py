"""What every client is tried with, by kombu: steps.py steps|restart URI QUEUE"""
import sys
from queue import SimpleQueue

from amqp.exceptions import NotFound, PreconditionFailed
from kombu import Connection, Consumer, Exchange, Producer, Queue

HEADERS = {
    "text": "häse",
    "number": 7,
    "big": 2**40,
    "yes": True,
    "real": 1.5,
    "list": [1, "two"],
    "table": {"in": "side"},
}
LARGE = b"x" * 300_000
LIMIT = 30
CONFIRMING = {"confirm_publish": True}


def say(*words):
    print(*(str(word).lower() if isinstance(word, bool) else word for word in words), flush=True)


def channel_error(connection, action):
    """Runs the action on a channel of its own and tells why the broker closes that."""
    try:
        action(connection.channel())
    except (NotFound, PreconditionFailed) as closed:
        say(closed.reply_code, closed.reply_text)


def take(connection, channel, queue, count):
    """Takes so many messages with a prefetch count of 1; leaves the last unacknowledged."""
    arrived = []
    channel.basic_qos(0, 1, False)
    with Consumer(channel, queue, on_message=arrived.append, auto_declare=False):
        while True:
            while not arrived:
                connection.drain_events(timeout=LIMIT)
            message = arrived.pop()
            say("delivered", message.body, message.delivery_info["redelivered"])
            count -= 1
            if count == 0:
                return message
            message.ack()


def steps(uri, name):
    connection = Connection(uri, transport_options=CONFIRMING)
    channel = connection.channel()
    queue = Queue(name, durable=True)
    declared = queue(channel).queue_declare()
    say("declared", declared.message_count, declared.consumer_count)

    producer = Producer(channel, routing_key=name, auto_declare=False)
    for body in "one", "two", "three":
        producer.publish(body, delivery_mode=2)
    say("confirmed", 3)
    returned = SimpleQueue()
    bouncing = Producer(channel, on_return=lambda *what: returned.put(what))
    bouncing.publish("lost", routing_key=name + "-missing", mandatory=True)
    reason, _exchange, _key, message = returned.get(timeout=LIMIT)
    say("returned", reason.reply_code, reason.reply_text, message.body)

    message = queue(channel).get()
    say("got", message.body, message.delivery_info["redelivered"], message.delivery_info["message_count"])
    message.requeue()
    take(connection, channel, queue, 2)
    channel.close()
    channel = connection.channel()
    take(connection, channel, queue, 2).ack()
    channel.close()

    channel = connection.channel()
    producer = Producer(channel, routing_key=name, auto_declare=False)
    producer.publish("", headers=HEADERS)
    producer.publish(LARGE, content_type="application/data", content_encoding="binary")
    headers = queue(channel).get(no_ack=True).headers
    say("headers", "same" if headers == HEADERS else headers)
    body = queue(channel).get(no_ack=True).body
    say("large", "same" if body == LARGE else len(body))

    missing = name + "-missing"
    channel_error(connection, lambda ch: Queue(missing)(ch).queue_declare(passive=True))
    channel_error(connection, lambda ch: Queue(name, durable=False)(ch).queue_declare())
    to_nowhere = Exchange(missing, passive=True)
    channel_error(
        connection,
        lambda ch: Producer(ch, to_nowhere, auto_declare=False).publish("lost", routing_key=""),
    )
    say("deleted", queue(channel).delete())
    connection.release()


def restart(uri, name):
    """The library connects again with ensure_connection, and publishes with a retry policy."""
    connection = Connection(uri, transport_options=CONFIRMING)
    channel = connection.channel()
    queue = Queue(name, durable=True)
    queue(channel).declare()
    Producer(channel).publish("before", routing_key=name, delivery_mode=2)
    say("ready")
    arrived = []
    try:
        with Consumer(channel, queue, on_message=arrived.append):
            connection.drain_events(timeout=LIMIT)
            say("delivered", arrived[0].body, arrived[0].delivery_info["redelivered"])
            connection.drain_events(timeout=LIMIT)
    except connection.recoverable_connection_errors:
        say("lost")

    connection = connection.clone()
    connection.ensure_connection(max_retries=600, interval_start=0.1, interval_max=0.1)
    say("back")
    channel = connection.channel()
    take(connection, channel, queue, 1).ack()
    Producer(channel).publish("after", routing_key=name, delivery_mode=2, retry=True)
    say("confirmed after")
    take(connection, channel, queue, 1).ack()
    connection.release()


{"steps": steps, "restart": restart}[sys.argv[1]](*sys.argv[2:])
