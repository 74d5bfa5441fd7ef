# What every client is tried with, by bunny: steps.rb steps|restart URI QUEUE
require 'bunny'
require 'logger'

HEADERS = {
  'text' => 'häse'.b,
  'number' => 7,
  'big' => 2**40,
  'yes' => true,
  'real' => 1.5,
  'list' => [1, 'two'],
  'table' => { 'in' => 'side' }
}.freeze
LARGE = 'x' * 300_000

$stdout.sync = true
Thread.abort_on_exception = true

def say(*words)
  puts words.join(' ')
end

def same(what, actual, expected)
  say(what, actual == expected ? 'same' : actual)
end

def connect(uri, **options)
  Bunny.new(uri, log_level: Logger::FATAL, **options).start
end

def consume(channel, name)
  arrived = Queue.new
  channel.queue(name, passive: true).subscribe(manual_ack: true) do |info, _properties, body|
    arrived << [info, body]
  end
  arrived
end

# Tells of the next delivery and returns its tag.
def delivered(arrived)
  info, body = arrived.pop
  say('delivered', body, info.redelivered?)
  info.delivery_tag
end

# Takes so many messages with a prefetch count of 1; leaves the last unacknowledged.
def take(channel, name, count)
  channel.prefetch(1)
  arrived = consume(channel, name)
  (count - 1).times { channel.ack(delivered(arrived)) }
  delivered(arrived)
end

# Runs the block on a channel of its own and tells why the broker closes that. The library raises at
# the next call after a publish: another error when it has read the close before.
def channel_error(connection)
  yield connection.create_channel
rescue Bunny::NotFound, Bunny::PreconditionFailed => error
  say(error.channel_close.reply_code, error.channel_close.reply_text)
rescue Bunny::ChannelAlreadyClosed => error
  say(404, error.message[/NOT_FOUND - .*/])
end

def steps(uri, name)
  connection = connect(uri)
  channel = connection.create_channel
  queue = channel.queue(name, durable: true)
  say('declared', queue.message_count, queue.consumer_count)

  channel.confirm_select
  %w[one two three].each { |body| queue.publish(body, persistent: true) }
  say('confirmed', 3) if channel.wait_for_confirms
  exchange = channel.default_exchange
  exchange.on_return do |info, _properties, body|
    say('returned', info.reply_code, info.reply_text, body)
  end
  exchange.publish('lost', routing_key: "#{name}-missing", mandatory: true)
  channel.wait_for_confirms

  info, _properties, body = queue.pop(manual_ack: true)
  say('got', body, info.redelivered?, queue.message_count)
  channel.nack(info.delivery_tag, false, true)
  take(channel, name, 2)
  channel.close
  channel = connection.create_channel
  channel.ack(take(channel, name, 2))
  channel.close

  channel = connection.create_channel
  channel.confirm_select
  queue = channel.queue(name, passive: true)
  queue.publish('', headers: HEADERS)
  queue.publish(LARGE)
  channel.wait_for_confirms
  _info, properties, _body = queue.pop
  same('headers', properties.headers, HEADERS)
  _info, _properties, body = queue.pop
  same('large', body, LARGE)

  missing = "#{name}-missing"
  channel_error(connection) { |ch| ch.queue(missing, passive: true) }
  channel_error(connection) { |ch| ch.queue(name, durable: false) }
  channel_error(connection) do |ch|
    ch.basic_publish('lost', missing, '')
    ch.confirm_select
  end
  say('deleted', channel.queue_delete(name).message_count)
  connection.close
end

# The library connects again by itself and restores queue and consumer.
def restart(uri, name)
  states = Queue.new
  connection = connect(
    uri,
    network_recovery_interval: 0.1,
    recovery_attempt_started: -> { states << :lost },
    recovery_completed: -> { states << :back }
  )
  channel = connection.create_channel
  channel.confirm_select
  queue = channel.queue(name, durable: true)
  queue.publish('before', persistent: true)
  channel.wait_for_confirms
  say('ready')
  arrived = consume(channel, name)
  delivered(arrived)
  states.pop
  say('lost')
  nil until states.pop == :back
  say('back')
  channel.ack(delivered(arrived))
  queue.publish('after', persistent: true)
  say('confirmed after') if channel.wait_for_confirms
  channel.ack(delivered(arrived))
  connection.close
end

send(*ARGV)
