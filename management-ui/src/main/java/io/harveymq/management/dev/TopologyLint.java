package io.harveymq.management.dev;

import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.inspect.BindingInfo;
import io.harveymq.broker.inspect.ExchangeInfo;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.broker.policy.EffectivePolicy;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.management.dev.Finding.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is declared in a virtual host and is hardly meant so: it looks at exchanges, queues and
 * bindings, not at messages, and so finds what goes wrong before anything was published. Used by
 * one thread, once.
 */
final class TopologyLint {
  private static final String PREDECLARED = "amq.";
  private static final String ALTERNATE = "alternate-exchange";

  private final Map<String, ExchangeInfo> exchanges = new HashMap<>();
  private final Map<String, QueueInfo> queues = new HashMap<>();
  private final List<BindingInfo> bindings;
  private final List<Finding> found = new ArrayList<>();

  /** All of one virtual host, as it was at about the same time. */
  TopologyLint(List<ExchangeInfo> exchanges, List<QueueInfo> queues, List<BindingInfo> bindings) {
    exchanges.forEach(one -> this.exchanges.put(one.definition().name(), one));
    queues.forEach(one -> this.queues.put(one.name(), one));
    this.bindings = bindings;
  }

  /** Everything that is found, the worst first. */
  List<Finding> find() {
    queues.values().forEach(this::deadLetters);
    exchanges.values().forEach(this::unrouted);
    bindings.forEach(this::binding);
    return found.stream().sorted(Finding.WORST_FIRST).toList();
  }

  private Finding add(Finding finding) {
    found.add(finding);
    return finding;
  }

  private Finding ofQueue(QueueInfo queue, String kind, Severity severity, String predicate) {
    return add(
        new Finding(kind, severity, queue.name(), predicate)
            .of("queue", queue.vhost(), queue.name()));
  }

  private Finding ofExchange(
      ExchangeInfo exchange, String kind, Severity severity, String predicate) {
    String name = exchange.definition().name();
    return add(new Finding(kind, severity, name, predicate).of("exchange", exchange.vhost(), name));
  }

  /** An argument wins over a policy. */
  private static String setting(
      FieldTable arguments, String argument, EffectivePolicy policy, String key) {
    return arguments.get(argument) instanceof FieldValue.LongString text
        ? text.asString()
        : policy.text(key);
  }

  private void deadLetters(QueueInfo queue) {
    String exchange = deadLetterSetting(queue, "exchange");
    if (exchange == null) {
      return;
    }
    String key = deadLetterSetting(queue, "routing-key");
    ExchangeInfo to = exchanges.get(exchange);
    if (exchange.isEmpty()) {
      deadLettersByDefault(queue, key);
    } else if (to == null) {
      ofQueue(
              queue,
              "dead-letters-lost",
              Severity.BAD,
              "loses its dead letters: there is no exchange " + exchange)
          .mendedBy("declare-exchange", "Declare " + exchange)
          .with("exchange", exchange);
    } else if (leadsNowhere(to)) {
      ofQueue(
              queue,
              "dead-letters-lost",
              Severity.BAD,
              "loses its dead letters: nothing is bound to the exchange " + exchange)
          .mendedBy("show-queue", "Show queue");
    }
  }

  private static String deadLetterSetting(QueueInfo queue, String what) {
    String key = "dead-letter-" + what;
    return setting(queue.arguments(), "x-" + key, queue.policy(), key);
  }

  /** The default exchange leads to the queue that the key names. */
  private void deadLettersByDefault(QueueInfo queue, String key) {
    if (key == null) {
      ofQueue(
              queue,
              "dead-letter-key",
              Severity.WARN,
              "gives its dead letters to the default exchange with the keys that they came with:"
                  + " set x-dead-letter-routing-key to the name of a queue")
          .mendedBy("show-queue", "Show queue");
    } else if (key.equals(queue.name())) {
      ofQueue(
              queue,
              "dead-letters-return",
              Severity.WARN,
              "gets its own dead letters back: rejected ones go round, expired ones are dropped")
          .mendedBy("show-queue", "Show queue");
    } else if (!queues.containsKey(key)) {
      ofQueue(
              queue,
              "dead-letters-lost",
              Severity.BAD,
              "loses its dead letters: there is no queue " + key)
          .mendedBy("declare-queue", "Declare " + key)
          .with("queue", key);
    }
  }

  private static boolean leadsNowhere(ExchangeInfo exchange) {
    return exchange.bindings() == 0 && alternate(exchange) == null;
  }

  private static String alternate(ExchangeInfo exchange) {
    return setting(exchange.definition().arguments(), ALTERNATE, exchange.policy(), ALTERNATE);
  }

  private void unrouted(ExchangeInfo exchange) {
    String name = exchange.definition().name();
    String alternate = alternate(exchange);
    if (alternate != null && !exchanges.containsKey(alternate)) {
      ofExchange(
              exchange,
              "alternate-lost",
              Severity.BAD,
              "drops what no binding takes: there is no alternate exchange " + alternate)
          .mendedBy("declare-exchange", "Declare " + alternate)
          .with("exchange", alternate);
    } else if (leadsNowhere(exchange) && !name.isEmpty() && !name.startsWith(PREDECLARED)) {
      ofExchange(
              exchange,
              "unbound",
              Severity.WARN,
              "drops all that is published to it: nothing is bound to it")
          .mendedBy("bind", "Bind a queue");
    }
  }

  private void binding(BindingInfo binding) {
    ExchangeInfo source = exchanges.get(binding.source());
    if (source == null || binding.source().isEmpty()) {
      return;
    }
    ExchangeType type = source.definition().type();
    String key = binding.routingKey();
    String to = "binds " + binding.destination() + " with " + key + ": ";
    if (type == ExchangeType.TOPIC && hasWildcardWithinWord(key)) {
      show(source, "wildcard", to + "* and # stand for whole words only, between dots");
    } else if (type == ExchangeType.DIRECT && hasWildcardWord(key)) {
      show(source, "wildcard", to + "a direct exchange takes * and # as they are");
    } else if (type == ExchangeType.HEADERS && binding.arguments().isEmpty()) {
      show(source, "headers", "binds " + binding.destination() + " without headers: it gets all");
    }
    QueueInfo queue = binding.toQueue() ? queues.get(binding.destination()) : null;
    if (queue != null && queue.durable() && !source.definition().durable()) {
      ofQueue(
              queue,
              "not-durable",
              Severity.WARN,
              "is no longer bound after a restart: the exchange "
                  + binding.source()
                  + " is not durable")
          .mendedBy("show-queue", "Show queue");
    }
  }

  private void show(ExchangeInfo source, String kind, String predicate) {
    ofExchange(source, kind, Severity.WARN, predicate).mendedBy("show-exchange", "Show bindings");
  }

  private static boolean isWildcard(String word) {
    return "*".equals(word) || "#".equals(word);
  }

  private static boolean hasWildcardWord(String key) {
    for (String word : key.split("\\.")) {
      if (isWildcard(word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasWildcardWithinWord(String key) {
    for (String word : key.split("\\.")) {
      if (!isWildcard(word) && (word.contains("*") || word.contains("#"))) {
        return true;
      }
    }
    return false;
  }
}
