package io.harveymq.broker.inspect;

import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.FieldTable;

/**
 * A binding. Immutable.
 *
 * @param source the name of an exchange; empty for the default exchange
 * @param destination the name of a queue or exchange
 * @param toQueue whether that is a queue
 */
public record BindingInfo(
    String vhost,
    String source,
    String destination,
    boolean toQueue,
    String routingKey,
    FieldTable arguments) {

  static BindingInfo of(VirtualHost vhost, Binding binding) {
    return new BindingInfo(
        vhost.name(),
        binding.source().name(),
        binding.destination().name(),
        binding.destination().isQueue(),
        binding.routingKey(),
        binding.arguments());
  }

  /** The binding that each queue has to the default exchange. */
  static BindingInfo toDefault(VirtualHost vhost, String queue) {
    return new BindingInfo(vhost.name(), "", queue, true, queue, FieldTable.EMPTY);
  }
}
