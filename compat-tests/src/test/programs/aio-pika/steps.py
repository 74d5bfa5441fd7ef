"""What every client is tried with, by aio-pika: steps.py steps|restart URI QUEUE"""
import asyncio
import sys

import aio_pika
from aio_pika import DeliveryMode, Message
from aio_pika.exceptions import AMQPChannelError, PublishError

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


def persistent(body):
    return Message(body.encode(), delivery_mode=DeliveryMode.PERSISTENT)


async def channel_error(connection, action):
    """Runs the action on a channel of its own and tells why the broker closes that."""
    try:
        await action(await connection.channel())
    except AMQPChannelError as closed:
        codes = {"ChannelNotFoundEntity": 404, "ChannelPreconditionFailed": 406}
        say(codes[type(closed).__name__], closed.args[0])


async def take(channel, queue, count):
    """Takes so many messages with a prefetch count of 1; leaves the last unacknowledged."""
    await channel.set_qos(prefetch_count=1)
    messages = (await channel.get_queue(queue)).iterator()
    await messages.consume()
    async for message in messages:
        say("delivered", message.body.decode(), message.redelivered)
        count -= 1
        if count == 0:
            return message
        await message.ack()


async def steps(uri, name):
    connection = await aio_pika.connect(uri)
    channel = await connection.channel(on_return_raises=True)
    queue = await channel.declare_queue(name, durable=True)
    declared = queue.declaration_result
    say("declared", declared.message_count, declared.consumer_count)

    for body in "one", "two", "three":
        await channel.default_exchange.publish(persistent(body), name)
    say("confirmed", 3)
    try:
        await channel.default_exchange.publish(persistent("lost"), name + "-missing")
    except PublishError as unroutable:
        frame = unroutable.frame
        say("returned", frame.reply_code, frame.reply_text, unroutable.message.body.decode())

    message = await queue.get()
    say("got", message.body.decode(), message.redelivered, message.message_count)
    await message.nack()
    await take(channel, name, 2)
    await channel.close()
    channel = await connection.channel()
    message = await take(channel, name, 2)
    await message.ack()
    await channel.close()

    channel = await connection.channel()
    await channel.default_exchange.publish(Message(b"", headers=HEADERS), name)
    await channel.default_exchange.publish(Message(LARGE), name)
    queue = await channel.get_queue(name)
    headers = dict((await queue.get(no_ack=True)).headers)
    say("headers", "same" if headers == HEADERS else headers)
    body = (await queue.get(no_ack=True)).body
    say("large", "same" if body == LARGE else len(body))

    await channel_error(connection, lambda ch: ch.declare_queue(name + "-missing", passive=True))
    await channel_error(connection, lambda ch: ch.declare_queue(name, durable=False))

    async def publish_to_no_exchange(ch):
        exchange = await ch.get_exchange(name + "-missing", ensure=False)
        await exchange.publish(persistent("lost"), "")

    await channel_error(connection, publish_to_no_exchange)
    channel = await connection.channel()
    say("deleted", (await channel.queue_delete(name)).message_count)
    await connection.close()


async def restart(uri, name):
    """The library connects again by itself and restores queue and consumer."""
    connection = await aio_pika.connect_robust(uri + "?reconnect_interval=0.1")
    channel = await connection.channel()
    queue = await channel.declare_queue(name, durable=True)
    await channel.default_exchange.publish(persistent("before"), name)
    say("ready")
    received = asyncio.Queue()
    lost = asyncio.Event()
    back = asyncio.Event()
    connection.close_callbacks.add(lambda *_: lost.set())
    connection.reconnect_callbacks.add(lambda *_: back.set())
    await queue.consume(received.put)

    async def next_message():
        message = await received.get()
        say("delivered", message.body.decode(), message.redelivered)
        return message

    await next_message()
    await lost.wait()
    say("lost")
    await back.wait()
    say("back")
    await (await next_message()).ack()
    await channel.default_exchange.publish(persistent("after"), name)
    say("confirmed after")
    await (await next_message()).ack()
    await connection.close()


asyncio.run({"steps": steps, "restart": restart}[sys.argv[1]](*sys.argv[2:]))
