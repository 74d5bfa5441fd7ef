package io.harveymq.broker.vhost;

import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.broker.channel.AmqpChannel;
import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.Consumer;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the event exchange what happens in a virtual host to queues, exchanges, bindings and
 * consumers. Owned by the home loop.
 */
public final class Events {
  private final VirtualHost vhost;
  private final EventExchange exchange;
  private String actor = EventExchange.INTERNAL;

  Events(VirtualHost vhost, EventExchange exchange) {
    this.vhost = vhost;
    this.exchange = exchange;
  }

  /** Who does what comes next; null for the broker itself. */
  public void actor(String user) {
    actor = user == null ? EventExchange.INTERNAL : user;
  }

  /** Whether nobody would get an event. */
  public boolean areOfNoInterest() {
    return exchange.isOfNoInterest();
  }

  /** See {@link EventExchange#emit}. */
  public void emit(String key, FieldTable.Builder headers) {
    exchange.emit(key, headers);
  }

  /** A virtual host came, with the exchanges that each has. */
  public void createdWithExchanges() {
    vhost.exchanges().forEach(this::created);
  }

  private FieldTable.Builder byActor() {
    return FieldTable.builder().put("user_who_performed_action", actor);
  }

  // ---- topology

  void created(AmqpQueue queue) {
    if (areOfNoInterest()) {
      return;
    }
    AmqpQueue.Definition definition = queue.definition();
    emit(
        "queue.created",
        byActor()
            .put("exclusive", definition.exclusive())
            .put("arguments", terms(definition.arguments().table()))
            .put("auto_delete", definition.autoDelete())
            .put("durable", definition.durable())
            .put("name", queue.name())
            .put("vhost", vhost.name()));
  }

  void deleted(AmqpQueue queue) {
    if (!areOfNoInterest()) {
      emit("queue.deleted", byActor().put("name", queue.name()).put("vhost", vhost.name()));
    }
  }

  void created(Exchange exchange) {
    if (areOfNoInterest()) {
      return;
    }
    emit(
        "exchange.created",
        byActor()
            .put("arguments", terms(exchange.definition().arguments()))
            .put("internal", exchange.definition().internal())
            .put("auto_delete", exchange.definition().autoDelete())
            .put("durable", exchange.definition().durable())
            .put("type", exchange.definition().type().protocolName())
            .put("name", exchange.name())
            .put("vhost", vhost.name()));
  }

  void deleted(Exchange exchange) {
    if (!areOfNoInterest()) {
      emit("exchange.deleted", byActor().put("name", exchange.name()).put("vhost", vhost.name()));
    }
  }

  void created(Binding binding) {
    emit("binding.created", binding);
  }

  void deleted(Binding binding) {
    emit("binding.deleted", binding);
  }

  private void emit(String key, Binding binding) {
    if (areOfNoInterest()) {
      return;
    }
    emit(
        key,
        byActor()
            .put("vhost", vhost.name())
            .put("arguments", terms(binding.arguments()))
            .put("routing_key", binding.routingKey())
            .put("destination_kind", binding.destination().isQueue() ? "queue" : "exchange")
            .put("destination_name", binding.destination().name())
            .put("source_kind", "exchange")
            .put("source_name", binding.source().name()));
  }

  // ---- consumers

  /** A consumer came. */
  public void created(Consumer consumer, FieldTable arguments, int prefetch, boolean exclusive) {
    if (areOfNoInterest() || ReplyQueues.isReplyKey(consumer.queue().name())) {
      return;
    }
    emit(
        "consumer.created",
        of(consumer)
            .put("arguments", terms(arguments))
            .put("prefetch_count", (long) prefetch)
            .put("ack_required", !consumer.noAck())
            .put("exclusive", exclusive));
  }

  /** A consumer went, whoever ended it. */
  public void deleted(Consumer consumer) {
    if (!areOfNoInterest() && !ReplyQueues.isReplyKey(consumer.queue().name())) {
      emit("consumer.deleted", of(consumer));
    }
  }

  private FieldTable.Builder of(Consumer consumer) {
    AmqpChannel channel = consumer.channel();
    return FieldTable.builder()
        .put("user_who_performed_action", channel.connection().access().user())
        .put("queue", consumer.queue().name())
        .put("vhost", vhost.name())
        .put("channel", channel.connection().outbound() + " (" + channel.number() + ")")
        .put("consumer_tag", consumer.tag());
  }

  /** A table as the plugin gives it: an array of Erlang terms as text. */
  static FieldValue terms(FieldTable table) {
    List<FieldValue> terms = new ArrayList<>();
    for (FieldTable.Entry entry : table.entries()) {
      FieldTable single = FieldTable.builder().append(entry.key(), entry.value()).build();
      String list = ErlangTerm.print(new FieldValue.Table(single));
      terms.add(FieldValue.of(list.substring(1, list.length() - 1)));
    }
    return FieldValue.of(terms);
  }
}
