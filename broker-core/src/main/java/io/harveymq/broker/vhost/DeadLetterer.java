package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.DeathReason;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueSettings;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what a queue drops to its dead letter exchange. This happens in the turn in which the
 * message leaves its queue, so that a crash sees both or neither. Owned by the home loop.
 */
public final class DeadLetterer {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterer.class);
  private static final int CYCLES_REMEMBERED = 256;
  private static final int LONGEST_KEY = 255;

  private final VirtualHost vhost;
  private final Set<List<String>> cyclesSeen = new HashSet<>();
  private final Set<String> keysSeen = new HashSet<>();

  DeadLetterer(VirtualHost vhost) {
    this.vhost = vhost;
  }

  /**
   * Publishes a message that left a queue. It goes nowhere if the dead letter exchange is not
   * there, nothing is bound to it, or it would go round in a circle without a consumer having
   * refused it.
   *
   * @param source its settings may name a dead letter exchange
   */
  public void publish(Message message, DeathReason reason, MessageQueue source) {
    QueueSettings settings = source.settings();
    String name = settings.deadLetterExchange();
    Exchange exchange = name == null ? null : vhost.exchangeOrNull(name);
    if (exchange == null) {
      return;
    }
    BasicProperties old = BasicProperties.trusted(message.properties());
    FieldTable headers = old.headers() == null ? FieldTable.EMPTY : old.headers();
    List<String> keys = new ArrayList<>();
    keys.add(message.routingKey());
    keys.addAll(SenderSelectedKeys.of(headers));
    DeathHeaders death =
        new DeathHeaders(
            reason.protocolName(),
            source.name(),
            message.exchange(),
            keys,
            vhost.home().now() / 1_000);
    BasicProperties properties =
        death.addTo(old, message.isDeadLetter(), vhost.compatibility().deathHeaders());
    String key = settings.deadLetterRoutingKey();
    List<String> hidden = List.of();
    if (key == null) {
      key = message.routingKey();
      hidden = message.hiddenKeys();
    } else if (properties.headers().containsKey("CC")) {
      properties = properties.toBuilder().headers(properties.headers().without("CC")).build();
    }
    if (key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
      if (keysSeen.size() < CYCLES_REMEMBERED && keysSeen.add(key)) {
        LOG.warn(
            "dead letters of {} are dropped: their routing key is longer than 255 bytes",
            source.name());
      }
      return;
    }
    Message letter = message.deadLetter(exchange.name(), key, properties.encoded());
    List<FieldValue> deaths = DeathHeaders.deaths(properties.headers());
    letter.hiddenKeys(hidden);
    Route route = vhost.router().route(exchange, key, letter.properties(), hidden);
    vhost.keep(letter, route);
    vhost.home().routed(route.queues().length);
    for (AmqpQueue queue : route.queues()) {
      if (reason != DeathReason.REJECTED && isCycle(queue.name(), deaths)) {
        logOnce(queue.name(), deaths);
      } else {
        queue.publish(letter);
      }
    }
    letter.replaces(message);
  }

  /**
   * Publishes a message that leaves a queue, as {@link #publish} does, and takes it out of that
   * queue; a crash finds all of that or nothing, even if the disk is full.
   *
   * @param removal takes it out
   */
  public void replace(Message message, DeathReason reason, MessageQueue source, Runnable removal) {
    BooleanSupplier both =
        () -> {
          publish(message, reason, source);
          removal.run();
          return true;
        };
    if (vhost.home().store() == null) {
      both.getAsBoolean();
    } else {
      vhost.home().store().atomically(both);
    }
  }

  /** Whether the message died in that queue before and no consumer has refused it since. */
  private static boolean isCycle(String queue, List<FieldValue> deaths) {
    for (FieldValue value : deaths) {
      if (value instanceof FieldValue.Table death) {
        if (DeathHeaders.text(death.value(), "reason").equals("rejected")) {
          return false;
        }
        if (DeathHeaders.text(death.value(), "queue").equals(queue)) {
          return true;
        }
      }
    }
    return false;
  }

  private void logOnce(String queue, List<FieldValue> deaths) {
    List<String> cycle = new ArrayList<>();
    cycle.add(queue);
    deaths.forEach(
        death -> {
          if (death instanceof FieldValue.Table table) {
            cycle.add(DeathHeaders.text(table.value(), "queue"));
          }
        });
    if (cyclesSeen.size() < CYCLES_REMEMBERED && cyclesSeen.add(cycle)) {
      LOG.warn(
          "Message dropped. Dead-letter queues cycle detected: {}. This cycle will NOT be reported"
              + " again.",
          cycle);
    }
  }
}
