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
 * Binding and unbinding queues and exchanges on behalf of a caller, with RabbitMQ's checks in its
 * order (rabbit_channel:binding_action). Stateless; called on the home loop.
 */
final class Bindings {
  private Bindings() {}

  static void bindQueue(
      Caller caller, String source, String queue, String key, FieldTable arguments) {
    String sourceName = checkedSource(caller, source, queue);
    DirectReplyTo.checkBinding(caller, queue);
    VirtualHost vhost = caller.vhost();
    checkReadable(caller, sourceName, key);
    Exchange exchange = vhost.exchange(sourceName);
    AmqpQueue destination = vhost.queue(ResourceName.stripped(queue));
    Binding binding = new Binding(exchange, destination, key, arguments);
    // RabbitMQ looks at the arguments before it asks whose queue it is.
    exchange.check(binding);
    QueueMethods.checkAccess(caller, destination);
    vhost.bind(binding);
  }

  /** Nothing happens when an end or the binding is missing. */
  static void unbindQueue(
      Caller caller, String source, String queue, String key, FieldTable arguments) {
    String sourceName = checkedSource(caller, source, queue);
    DirectReplyTo.checkBinding(caller, queue);
    VirtualHost vhost = caller.vhost();
    checkReadable(caller, sourceName, key);
    Exchange exchange = vhost.exchangeOrNull(sourceName);
    AmqpQueue destination = vhost.queueOrNull(ResourceName.stripped(queue));
    if (exchange != null && destination != null) {
      Binding binding = new Binding(exchange, destination, key, arguments);
      if (exchange.bindings().contains(binding)) {
        QueueMethods.checkAccess(caller, destination);
        vhost.unbind(binding);
      }
    }
  }

  /** Who binds a queue puts messages into it, so that is checked first. */
  private static String checkedSource(Caller caller, String source, String queue) {
    caller.access().checkQueue(AccessRight.WRITE, ResourceName.stripped(queue));
    return checkedExchange(source);
  }

  /** Whether the user may read from the exchange, with that key if it is a topic exchange. */
  private static void checkReadable(Caller caller, String source, String key) {
    caller.access().checkExchange(AccessRight.READ, source);
    Exchange exchange = caller.vhost().exchangeOrNull(source);
    if (exchange != null) {
      caller.access().checkTopic(AccessRight.READ, exchange, key);
    }
  }

  static void bindExchange(
      Caller caller, String source, String destination, String key, FieldTable arguments) {
    String destinationName = checkedDestination(caller, destination);
    String sourceName = checkedExchange(source);
    VirtualHost vhost = caller.vhost();
    checkReadable(caller, sourceName, key);
    Exchange exchange = vhost.exchange(sourceName);
    vhost.bind(new Binding(exchange, vhost.exchange(destinationName), key, arguments));
  }

  /** Nothing happens when an end or the binding is missing. */
  static void unbindExchange(
      Caller caller, String source, String destination, String key, FieldTable arguments) {
    String destinationName = checkedDestination(caller, destination);
    String sourceName = checkedExchange(source);
    VirtualHost vhost = caller.vhost();
    checkReadable(caller, sourceName, key);
    Exchange exchange = vhost.exchangeOrNull(sourceName);
    Exchange bound = vhost.exchangeOrNull(destinationName);
    if (exchange != null && bound != null) {
      vhost.unbind(new Binding(exchange, bound, key, arguments));
    }
  }

  private static String checkedDestination(Caller caller, String exchange) {
    caller.access().checkExchange(AccessRight.WRITE, ResourceName.stripped(exchange));
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
