package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Binding;
import io.harveymq.broker.exchange.Destination;
import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.exchange.Keeper;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.QueueArguments;
import io.harveymq.broker.store.Definition;
import io.harveymq.broker.store.HomeStore;
import io.harveymq.broker.store.MessageStore;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of a virtual host's definitions are stored, and how they come back: durable exchanges and
 * queues, and bindings with both ends durable, as in RabbitMQ. An exclusive queue is never durable.
 * Owned by the home loop.
 */
final class StoredDefinitions {
  private static final Logger LOG = LoggerFactory.getLogger(StoredDefinitions.class);

  private final VirtualHost vhost;
  private final HomeStore store;

  StoredDefinitions(VirtualHost vhost) {
    this.vhost = vhost;
    this.store = vhost.home().store();
  }

  void added(Exchange exchange) {
    if (store != null && exchange.definition().durable()) {
      store.put(of(exchange));
    }
  }

  void removed(Exchange exchange) {
    if (store != null && exchange.definition().durable()) {
      store.remove(of(exchange));
    }
  }

  private Definition of(Exchange exchange) {
    long log = exchange instanceof Keeper keeper ? keeper.log() : 0;
    return new Definition.Exchange(vhost.name(), exchange.definition(), log, exchange.declaredBy());
  }

  void added(AmqpQueue queue) {
    if (queue.log() != 0) {
      store.put(of(queue));
    }
  }

  void removed(AmqpQueue queue) {
    if (queue.log() != 0) {
      store.remove(of(queue));
    }
  }

  private Definition of(AmqpQueue queue) {
    AmqpQueue.Definition definition = queue.definition();
    return new Definition.Queue(
        vhost.name(),
        definition.name(),
        definition.autoDelete(),
        definition.arguments().table(),
        queue.log());
  }

  void added(Binding binding) {
    if (store != null && isStored(binding)) {
      store.put(of(binding));
    }
  }

  void removed(Binding binding) {
    if (store != null && isStored(binding)) {
      store.remove(of(binding));
    }
  }

  private static boolean isStored(Binding binding) {
    return binding.source().definition().durable() && isDurable(binding.destination());
  }

  private static boolean isDurable(Destination destination) {
    return destination instanceof AmqpQueue queue
        ? queue.definition().durable()
        : ((Exchange) destination).definition().durable();
  }

  private Definition of(Binding binding) {
    return new Definition.Binding(
        vhost.name(),
        binding.source().name(),
        binding.destination().isQueue(),
        binding.destination().name(),
        binding.routingKey(),
        binding.arguments());
  }

  /** Makes everything that was found; bindings last, because they need their ends. */
  void recover(
      List<Definition> found,
      NavigableMap<Long, MessageStore.Log> logs,
      Map<String, Exchange> exchanges,
      Map<String, AmqpQueue> queues) {
    for (Definition definition : found) {
      if (definition instanceof Definition.Exchange exchange) {
        exchanges.put(exchange.definition().name(), exchange(exchange, logs));
      } else if (definition instanceof Definition.Queue queue) {
        queues.put(queue.name(), queue(queue, logs));
      }
    }
    for (Definition definition : found) {
      if (definition instanceof Definition.Binding binding) {
        bind(binding, exchanges, queues);
      }
    }
  }

  private Exchange exchange(
      Definition.Exchange definition, NavigableMap<Long, MessageStore.Log> logs) {
    Exchange exchange =
        Exchange.create(vhost.name(), definition.definition()).declaredBy(definition.declaredBy());
    if (exchange instanceof Keeper keeper) {
      keeper.recovered(vhost, definition.log(), logs.get(definition.log()));
    }
    return exchange;
  }

  private AmqpQueue queue(Definition.Queue queue, NavigableMap<Long, MessageStore.Log> logs) {
    AmqpQueue.Definition definition =
        new AmqpQueue.Definition(
            queue.name(),
            true,
            queue.autoDelete(),
            false,
            QueueArguments.recovered(queue.arguments(), vhost.compatibility()));
    return AmqpQueue.recovered(definition, vhost, queue.log(), logs);
  }

  private static void bind(
      Definition.Binding binding, Map<String, Exchange> exchanges, Map<String, AmqpQueue> queues) {
    Exchange source = exchanges.get(binding.source());
    Destination destination =
        binding.toQueue()
            ? queues.get(binding.destination())
            : exchanges.get(binding.destination());
    if (source == null || destination == null) {
      LOG.error("a stored binding lacks one of its ends and is left out: {}", binding);
    } else {
      source.bind(new Binding(source, destination, binding.routingKey(), binding.arguments()));
    }
  }
}
