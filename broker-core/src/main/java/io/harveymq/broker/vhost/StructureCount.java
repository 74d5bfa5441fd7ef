package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.queue.AmqpQueue;

/**
 * Tells the {@link Structures} of a loop what comes and goes in a virtual host. Owned by the home
 * loop.
 */
final class StructureCount {
  private final Structures structures;

  StructureCount(Structures structures) {
    this.structures = structures;
  }

  void added(AmqpQueue queue) {
    structures.add(kind(queue), size(queue));
  }

  void removed(AmqpQueue queue) {
    structures.remove(kind(queue), size(queue));
  }

  private static Structures.Kind kind(AmqpQueue queue) {
    boolean forReplies = ReplyQueues.isReplyKey(queue.name());
    return forReplies ? Structures.Kind.REPLY_QUEUE : Structures.Kind.QUEUE;
  }

  private static long size(AmqpQueue queue) {
    return Structures.sizeOf(queue.name(), queue.definition().arguments().table());
  }

  void added(Exchange exchange) {
    structures.add(Structures.Kind.EXCHANGE, size(exchange));
  }

  void removed(Exchange exchange) {
    structures.remove(Structures.Kind.EXCHANGE, size(exchange));
  }

  /** An exchange was found in the store, with bindings. */
  void found(Exchange exchange) {
    added(exchange);
    exchange.bindings().forEach(this::added);
  }

  private static long size(Exchange exchange) {
    return Structures.sizeOf(exchange.name(), exchange.definition().arguments());
  }

  void added(Binding binding) {
    structures.add(Structures.Kind.BINDING, size(binding));
  }

  void removed(Binding binding) {
    structures.remove(Structures.Kind.BINDING, size(binding));
  }

  /** Throws 406 when there is no memory for a binding that is new. */
  void requireRoomFor(Binding binding) {
    if (structures.isFull() && !binding.source().bindings().contains(binding)) {
      structures.requireRoomFor("a binding from " + binding.source());
    }
  }

  private static long size(Binding binding) {
    ExchangeType type = binding.source().definition().type();
    boolean topic = type == ExchangeType.TOPIC || type == ExchangeType.DELAYED_MESSAGE;
    return Structures.sizeOfBinding(binding.routingKey(), binding.arguments(), topic);
  }
}
