package io.harveymq.broker.vhost;

import io.harveymq.broker.exchange.Exchange;
import io.harveymq.broker.queue.AmqpQueue;
import io.harveymq.broker.queue.ClientName;
import io.harveymq.broker.queue.DeathReason;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.queue.MessageQueue;
import io.harveymq.broker.queue.QueueSettings;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.store.HomeStore;
import io.harveymq.broker.story.StoryEvent;
import io.harveymq.broker.story.StoryTaps;
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
   * How a message died.
   *
   * @param source the queue where it did; its settings may name a dead letter exchange
   * @param client who refused it; null for another reason, or if that is not known
   */
  public record Death(MessageQueue source, DeathReason reason, ClientName client) {}

  /**
   * Publishes a message that left a queue. It goes nowhere if the dead letter exchange is not
   * there, nothing is bound to it, or it would go round in a circle without a consumer having
   * refused it.
   */
  public void publish(Message message, Death death) {
    MessageQueue source = death.source;
    Exchange exchange = exchangeOf(source);
    if (exchange == null) {
      StoryTaps.happened(source, message, StoryEvent.DEAD_LETTER_LOST);
    }
    DeadLetter letter = exchange == null ? null : letter(message, death);
    if (letter != null) {
      source.counters().add(death.reason.counter());
      publish(letter, exchange, source, new HashSet<>(2));
      letter.message().replaces(message);
    }
  }

  /**
   * Publishes a dead letter to those of its queues that have not taken it yet.
   *
   * @param letter of the source, see {@link #letter}
   * @param takers names of the queues that have; is added to
   * @return whether some have it now, and none has refused it
   */
  public boolean publish(DeadLetter letter, MessageQueue source, Set<String> takers) {
    Exchange exchange = exchangeOf(source);
    boolean gone = exchange != null && publish(letter, exchange, source, takers);
    if (gone) {
      source.counters().add(letter.reason().counter());
    }
    return gone;
  }

  private Exchange exchangeOf(MessageQueue source) {
    String name = source.settings().deadLetterExchange();
    return name == null ? null : vhost.exchangeOrNull(name);
  }

  private boolean publish(
      DeadLetter letter, Exchange exchange, MessageQueue source, Set<String> takers) {
    Message message = letter.message();
    Route route =
        vhost
            .router()
            .route(exchange, message.routingKey(), message.properties(), letter.hiddenKeys());
    StoryTaps.goesOn(source, message, route);
    if (takers.isEmpty()) {
      vhost.keep(message, route);
    }
    vhost.home().routed(route.queues().length);
    boolean refused = false;
    for (AmqpQueue queue : route.queues()) {
      if (letter.isCycle(queue.name())) {
        logOnce(queue.name(), letter.deaths());
        StoryTaps.happened(queue, message, StoryEvent.DEAD_LETTER_CYCLE);
      } else if (!takers.contains(queue.name())) {
        boolean taken = queue.publish(message);
        refused |= !taken;
        if (taken) {
          takers.add(queue.name());
          queue.counters().add(Counter.DEAD_LETTER_IN);
          queue.tookDeadLetter(letter, source);
        }
      }
    }
    return !refused && !takers.isEmpty();
  }

  /**
   * What becomes of a message that died, addressed to the dead letter exchange of its queue.
   *
   * @param death in a queue whose settings name a dead letter exchange
   * @return null when its routing key is too long to be one
   */
  public DeadLetter letter(Message message, Death death) {
    MessageQueue source = death.source;
    QueueSettings settings = source.settings();
    BasicProperties old = BasicProperties.trusted(message.properties());
    FieldTable headers = old.headers() == null ? FieldTable.EMPTY : old.headers();
    List<String> keys = new ArrayList<>();
    keys.add(message.routingKey());
    keys.addAll(SenderSelectedKeys.of(headers));
    DeathHeaders header =
        new DeathHeaders(
            death.reason.protocolName(),
            source.name(),
            message.exchange(),
            keys,
            vhost.home().timeOfDay() / 1_000);
    BasicProperties properties =
        header.addTo(old, message.isDeadLetter(), vhost.compatibility().deathHeaders());
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
      return null;
    }
    Message letter = message.deadLetter(settings.deadLetterExchange(), key, properties.encoded());
    letter.hiddenKeys(hidden);
    return new DeadLetter(
        letter, hidden, DeathHeaders.deaths(properties.headers()), death.reason, death.client);
  }

  /**
   * Publishes a message that leaves a queue, as {@link #publish} does, and takes it out of that
   * queue; a crash finds all of that or nothing, even if the disk is full.
   *
   * @param removal takes it out
   */
  public void replace(Message message, Death death, Runnable removal) {
    atomically(
        () -> {
          publish(message, death);
          removal.run();
          return true;
        });
  }

  /**
   * Publishes and removes; a crash finds all of that or nothing, even if the disk is full.
   *
   * @return what the changes return
   */
  public boolean atomically(BooleanSupplier changes) {
    HomeStore store = vhost.home().store();
    return store == null ? changes.getAsBoolean() : store.atomically(changes);
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
