package io.harveymq.broker.channel;

import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.ReplyCode;

/**
 * Binding and unbinding queues and exchanges on behalf of a channel, with RabbitMQ's checks in its
 * order (rabbit_channel:binding_action). Stateless; called on the home loop.
 */
final class Bindings {
  private Bindings() {}

  static void bindQueue(
      AmqpChannel channel, String source, String queue, String key, FieldTable arguments) {
    String sourceName = checkedSource(channel, source, queue);
    DirectReplyTo.checkBinding(channel, queue);
    VirtualHost vhost = channel.vhost();
    checkReadable(channel, sourceName, key);
    Exchange exchange = vhost.exchange(sourceName);
    AmqpQueue destination = vhost.queue(ResourceName.stripped(queue));
    Binding binding = new Binding(exchange, destination, key, arguments);
    // RabbitMQ looks at the arguments before it asks whose queue it is.
    exchange.check(binding);
    QueueMethods.checkAccess(channel, destination);
    vhost.bind(binding);
  }

  /** Nothing happens when an end or the binding is missing. */
  static void unbindQueue(
      AmqpChannel channel, String source, String queue, String key, FieldTable arguments) {
    String sourceName = checkedSource(channel, source, queue);
    DirectReplyTo.checkBinding(channel, queue);
    VirtualHost vhost = channel.vhost();
    checkReadable(channel, sourceName, key);
    Exchange exchange = vhost.exchangeOrNull(sourceName);
    AmqpQueue destination = vhost.queueOrNull(ResourceName.stripped(queue));
    if (exchange != null && destination != null) {
      Binding binding = new Binding(exchange, destination, key, arguments);
      if (exchange.bindings().contains(binding)) {
        QueueMethods.checkAccess(channel, destination);
        vhost.unbind(binding);
      }
    }
  }

  /** Who binds a queue puts messages into it, so that is checked first. */
  private static String checkedSource(AmqpChannel channel, String source, String queue) {
    channel.access().checkQueue(AccessRight.WRITE, ResourceName.stripped(queue));
    return checkedExchange(source);
  }

  /** Whether the user may read from the exchange, with that key if it is a topic exchange. */
  private static void checkReadable(AmqpChannel channel, String source, String key) {
    channel.access().checkExchange(AccessRight.READ, source);
    Exchange exchange = channel.vhost().exchangeOrNull(source);
    if (exchange != null) {
      channel.access().checkTopic(AccessRight.READ, exchange, key);
    }
  }

  static void bindExchange(
      AmqpChannel channel, String source, String destination, String key, FieldTable arguments) {
    String destinationName = checkedDestination(channel, destination);
    String sourceName = checkedExchange(source);
    VirtualHost vhost = channel.vhost();
    checkReadable(channel, sourceName, key);
    Exchange exchange = vhost.exchange(sourceName);
    vhost.bind(new Binding(exchange, vhost.exchange(destinationName), key, arguments));
  }

  /** Nothing happens when an end or the binding is missing. */
  static void unbindExchange(
      AmqpChannel channel, String source, String destination, String key, FieldTable arguments) {
    String destinationName = checkedDestination(channel, destination);
    String sourceName = checkedExchange(source);
    VirtualHost vhost = channel.vhost();
    checkReadable(channel, sourceName, key);
    Exchange exchange = vhost.exchangeOrNull(sourceName);
    Exchange bound = vhost.exchangeOrNull(destinationName);
    if (exchange != null && bound != null) {
      vhost.unbind(new Binding(exchange, bound, key, arguments));
    }
  }

  private static String checkedDestination(AmqpChannel channel, String exchange) {
    channel.access().checkExchange(AccessRight.WRITE, ResourceName.stripped(exchange));
    return checkedExchange(exchange);
  }

  /** The name of an exchange without line ends, which must not be the default exchange's. */
  static String checkedExchange(String name) {
    String stripped = ResourceName.stripped(name);
    if (stripped.isEmpty()) {
      throw new ChannelException(
          ReplyCode.ACCESS_REFUSED, "operation not permitted on the default exchange");
    }
    return stripped;
  }
}
