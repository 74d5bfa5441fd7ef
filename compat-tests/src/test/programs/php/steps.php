<?php
// What every client is tried with, by php-amqplib: steps.php steps|restart URI QUEUE
declare(strict_types=1);

require 'PhpAmqpLib/autoload.php';

use PhpAmqpLib\Channel\AMQPChannel;
use PhpAmqpLib\Connection\AMQPStreamConnection;
use PhpAmqpLib\Exception\AMQPConnectionClosedException;
use PhpAmqpLib\Exception\AMQPExceptionInterface;
use PhpAmqpLib\Exception\AMQPProtocolChannelException;
use PhpAmqpLib\Message\AMQPMessage;
use PhpAmqpLib\Wire\AMQPTable;

const HEADERS = [
    'text' => 'häse',
    'number' => 7,
    'big' => 2 ** 40,
    'yes' => true,
    'list' => [1, 'two'],
    'table' => ['in' => 'side'],
];
const PERSISTENT = ['delivery_mode' => AMQPMessage::DELIVERY_MODE_PERSISTENT];
const LIMIT_SECONDS = 30;

function say(...$words): void
{
    echo implode(' ', array_map(fn($word) => is_bool($word) ? var_export($word, true) : $word, $words)), "\n";
}

function same(string $what, $actual, $expected): void
{
    say($what, $actual === $expected ? 'same' : json_encode($actual));
}

function connect(string $uri): AMQPStreamConnection
{
    $parts = parse_url($uri);
    return new AMQPStreamConnection($parts['host'], $parts['port'], $parts['user'], $parts['pass']);
}

function delivered(AMQPMessage $message): void
{
    say('delivered', $message->getBody(), $message->isRedelivered());
}

/** Takes so many messages with a prefetch count of 1; leaves the last unacknowledged. */
function take(AMQPChannel $channel, string $queue, int $count): AMQPMessage
{
    $last = null;
    $channel->basic_qos(0, 1, false);
    $channel->basic_consume($queue, '', false, false, false, false, function ($message) use (&$count, &$last) {
        delivered($message);
        $count--;
        if ($count === 0) {
            $last = $message;
        } else {
            $message->ack();
        }
    });
    while ($last === null) {
        $channel->wait(null, false, LIMIT_SECONDS);
    }
    return $last;
}

/** Runs the action on a channel of its own and tells why the broker closes that. */
function channelError(AMQPStreamConnection $connection, callable $action): void
{
    $channel = $connection->channel();
    $channel->confirm_select();
    try {
        $action($channel);
    } catch (AMQPProtocolChannelException $closed) {
        say($closed->amqp_reply_code, $closed->amqp_reply_text);
    }
}

function steps(string $uri, string $queue): void
{
    $connection = connect($uri);
    $channel = $connection->channel();
    [, $messages, $consumers] = $channel->queue_declare($queue, false, true, false, false);
    say('declared', $messages, $consumers);

    $confirmed = 0;
    $channel->set_ack_handler(function () use (&$confirmed) {
        $confirmed++;
    });
    $channel->set_return_listener(function ($code, $text, $exchange, $key, $message) {
        say('returned', $code, $text, $message->getBody());
    });
    $channel->confirm_select();
    foreach (['one', 'two', 'three'] as $body) {
        $channel->basic_publish(new AMQPMessage($body, PERSISTENT), '', $queue);
    }
    $channel->wait_for_pending_acks(LIMIT_SECONDS);
    say('confirmed', $confirmed);
    $channel->basic_publish(new AMQPMessage('lost'), '', "$queue-missing", true);
    $channel->wait_for_pending_acks_returns(LIMIT_SECONDS);

    $got = $channel->basic_get($queue);
    say('got', $got->getBody(), $got->isRedelivered(), $got->getMessageCount());
    $got->nack(true);
    take($channel, $queue, 2);
    $channel->close();
    $channel = $connection->channel();
    take($channel, $queue, 2)->ack();
    $channel->close();

    $channel = $connection->channel();
    $large = str_repeat('x', 300_000);
    $headers = ['application_headers' => new AMQPTable(HEADERS)];
    $channel->basic_publish(new AMQPMessage('', $headers), '', $queue);
    $channel->basic_publish(new AMQPMessage($large), '', $queue);
    same('headers', $channel->basic_get($queue, true)->get('application_headers')->getNativeData(), HEADERS);
    same('large', $channel->basic_get($queue, true)->getBody(), $large);

    channelError($connection, fn($ch) => $ch->queue_declare("$queue-missing", true));
    channelError($connection, fn($ch) => $ch->queue_declare($queue, false, false, false, false));
    channelError($connection, function ($ch) use ($queue) {
        $ch->basic_publish(new AMQPMessage('lost'), "$queue-missing");
        $ch->wait_for_pending_acks(LIMIT_SECONDS);
    });
    say('deleted', $channel->queue_delete($queue));
    $connection->close();
}

function connectAgain(string $uri): AMQPStreamConnection
{
    $until = microtime(true) + 60;
    while (true) {
        try {
            return connect($uri);
        } catch (AMQPExceptionInterface $failure) {
            if (microtime(true) > $until) {
                throw $failure;
            }
            usleep(100_000);
        }
    }
}

function publishConfirmed(AMQPChannel $channel, string $queue, string $body): void
{
    $channel->basic_publish(new AMQPMessage($body, PERSISTENT), '', $queue);
    $channel->wait_for_pending_acks(LIMIT_SECONDS);
}

function restart(string $uri, string $queue): void
{
    $channel = connect($uri)->channel();
    $channel->queue_declare($queue, false, true, false, false);
    $channel->confirm_select();
    publishConfirmed($channel, $queue, 'before');
    say('ready');
    try {
        $channel->basic_consume($queue, '', false, false, false, false, 'delivered');
        $channel->consume();
    } catch (AMQPConnectionClosedException $lost) {
        say('lost');
    }

    $connection = connectAgain($uri);
    say('back');
    $channel = $connection->channel();
    $channel->confirm_select();
    $before = take($channel, $queue, 1);
    $before->getChannel()->basic_cancel($before->getConsumerTag());
    $before->ack();
    publishConfirmed($channel, $queue, 'after');
    say('confirmed after');
    take($channel, $queue, 1)->ack();
    $connection->close();
}

$argv[1](...array_slice($argv, 2));
