package io.harveymq.broker.channel;

import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.exchange.Destination;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.MessageQueue;
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
    String sourceName = checkedExchange(source);
    VirtualHost vhost = channel.vhost();
    Exchange exchange = vhost.exchange(sourceName);
    MessageQueue destination = vhost.queue(ResourceName.stripped(queue));
    QueueMethods.checkAccess(channel, destination);
    vhost.bind(new Binding(exchange, destination, key, arguments));
  }

  static void unbindQueue(
      AmqpChannel channel, String source, String queue, String key, FieldTable arguments) {
    String sourceName = checkedExchange(source);
    VirtualHost vhost = channel.vhost();
    Destination destination = vhost.queueOrNull(ResourceName.stripped(queue));
    unbind(channel, vhost.exchangeOrNull(sourceName), destination, key, arguments);
  }

  static void bindExchange(
      AmqpChannel channel, String source, String destination, String key, FieldTable arguments) {
    String destinationName = checkedExchange(destination);
    VirtualHost vhost = channel.vhost();
    Exchange exchange = vhost.exchange(checkedExchange(source));
    vhost.bind(new Binding(exchange, vhost.exchange(destinationName), key, arguments));
  }

  static void unbindExchange(
      AmqpChannel channel, String source, String destination, String key, FieldTable arguments) {
    String destinationName = checkedExchange(destination);
    VirtualHost vhost = channel.vhost();
    Exchange exchange = vhost.exchangeOrNull(checkedExchange(source));
    unbind(channel, exchange, vhost.exchangeOrNull(destinationName), key, arguments);
  }

  /** Nothing happens when an end or the binding is missing. */
  private static void unbind(
      AmqpChannel channel,
      Exchange source,
      Destination destination,
      String key,
      FieldTable arguments) {
    if (source != null && destination != null) {
      channel.vhost().unbind(new Binding(source, destination, key, arguments));
    }
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
