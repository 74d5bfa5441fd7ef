// What every client is tried with, by amqplib: steps.js steps|restart URI QUEUE
'use strict';
const amqp = require('amqplib');
const assert = require('node:assert');
const { once } = require('node:events');

const HEADERS = {
  text: 'häse',
  number: 7,
  big: 2 ** 40,
  yes: true,
  real: 1.5,
  list: [1, 'two'],
  table: { in: 'side' },
};
const LARGE = Buffer.alloc(300_000, 'x');
const PERSISTENT = { persistent: true };

const say = (...words) => console.log(words.join(' '));

/** Tells whether two values are the same, or else what came. */
function same(what, actual, expected) {
  try {
    assert.deepStrictEqual(actual, expected);
    say(what, 'same');
  } catch {
    say(what, JSON.stringify(actual));
  }
}

/** Runs the action on a channel of its own and tells why the broker closes that. */
async function channelError(connection, action) {
  const channel = await connection.createConfirmChannel();
  const closed = once(channel, 'error', { once: true });
  await Promise.allSettled([action(channel)]);
  const [error] = await closed;
  say(error.code, /with message "(.*)"$/.exec(error.message)[1]);
}

/** What callbacks bring, taken one by one. */
class Arrivals {
  #arrived = [];
  #takers = [];

  put(value) {
    const taker = this.#takers.shift();
    taker ? taker(value) : this.#arrived.push(value);
  }

  async next() {
    return this.#arrived.length
      ? this.#arrived.shift()
      : new Promise((resolve) => this.#takers.push(resolve));
  }
}

async function consume(channel, queue) {
  const messages = new Arrivals();
  await channel.consume(queue, (message) => messages.put(message));
  return messages;
}

function delivered(message) {
  say('delivered', message.content, message.fields.redelivered);
  return message;
}

/** Takes so many messages with a prefetch count of 1; leaves the last unacknowledged. */
async function take(channel, queue, count) {
  await channel.prefetch(1);
  const messages = await consume(channel, queue);
  for (;;) {
    const message = delivered(await messages.next());
    count--;
    if (count === 0) {
      return message;
    }
    channel.ack(message);
  }
}

async function steps(uri, queue) {
  const connection = await amqp.connect(uri);
  let channel = await connection.createConfirmChannel();
  const declared = await channel.assertQueue(queue, { durable: true });
  say('declared', declared.messageCount, declared.consumerCount);

  for (const body of ['one', 'two', 'three']) {
    channel.sendToQueue(queue, Buffer.from(body), PERSISTENT);
  }
  await channel.waitForConfirms();
  say('confirmed', 3);
  channel.on('return', ({ fields, content }) => {
    say('returned', fields.replyCode, fields.replyText, content);
  });
  channel.sendToQueue(queue + '-missing', Buffer.from('lost'), { mandatory: true });
  await channel.waitForConfirms();

  const got = await channel.get(queue);
  say('got', got.content, got.fields.redelivered, got.fields.messageCount);
  channel.nack(got);
  await take(channel, queue, 2);
  await channel.close();
  channel = await connection.createConfirmChannel();
  channel.ack(await take(channel, queue, 2));
  await channel.close();

  channel = await connection.createConfirmChannel();
  channel.sendToQueue(queue, Buffer.alloc(0), { headers: HEADERS });
  channel.sendToQueue(queue, LARGE);
  await channel.waitForConfirms();
  same('headers', (await channel.get(queue, { noAck: true })).properties.headers, HEADERS);
  same('large', (await channel.get(queue, { noAck: true })).content, LARGE);

  const missing = queue + '-missing';
  await channelError(connection, (ch) => ch.checkQueue(missing));
  await channelError(connection, (ch) => ch.assertQueue(queue, { durable: false }));
  await channelError(connection, (ch) => {
    ch.publish(missing, '', Buffer.from('lost'));
    return ch.waitForConfirms();
  });
  say('deleted', (await channel.deleteQueue(queue)).messageCount);
  await connection.close();
}

/** The library connects again by itself and calls setup, which restores queue and consumer. */
async function restart(uri, queue) {
  const channels = new Arrivals();
  const setup = async (model) => {
    const channel = await model.createConfirmChannel();
    await channel.assertQueue(queue, { durable: true });
    channels.put(channel);
  };
  const recovery = { initialDelay: 100, maxDelay: 100, setup };
  const connection = await amqp.connect(uri, { recovery });
  connection.on('error', () => {});
  const lost = once(connection, 'disconnect');

  let channel = await channels.next();
  channel.sendToQueue(queue, Buffer.from('before'), PERSISTENT);
  await channel.waitForConfirms();
  say('ready');
  delivered(await (await consume(channel, queue)).next());
  const [reason] = await lost;
  assert.match(reason.message, /320 \(CONNECTION-FORCED\)/);
  say('lost');

  channel = await channels.next();
  say('back');
  const messages = await consume(channel, queue);
  channel.ack(delivered(await messages.next()));
  channel.sendToQueue(queue, Buffer.from('after'), PERSISTENT);
  await channel.waitForConfirms();
  say('confirmed after');
  channel.ack(delivered(await messages.next()));
  await channel.close();
  await connection.close();
}

const [mode, uri, queue] = process.argv.slice(2);
({ steps, restart })[mode](uri, queue).catch((error) => {
  console.error(error);
  process.exit(1);
});
