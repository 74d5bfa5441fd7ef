package io.harveymq.management.dev;

import io.harveymq.broker.exchange.ExchangeType;
import io.harveymq.broker.inspect.BindingInfo;
import io.harveymq.broker.inspect.ExchangeInfo;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.broker.policy.EffectivePolicy;
import io.harveymq.broker.stats.Counter;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.management.dev.Finding.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is declared in a virtual host and is hardly meant so: it looks at exchanges, queues and
 * bindings, and so finds what goes wrong before a message is lost. What frameworks declare and
 * leave unused is no fault. Used by one thread, once.
 */
final class TopologyLint {
  private final Map<String, ExchangeInfo> exchanges = new HashMap<>();
  private final Map<String, QueueInfo> queues = new HashMap<>();
  private final List<BindingInfo> bindings;
  private final Map<String, List<BindingInfo>> bindingsTo = new HashMap<>();
  private final LintRoutes routes;
  private final Set<List<Object>> fleeting = new HashSet<>();
  private final List<Finding> found = new ArrayList<>();

  /**
   * All of one virtual host.
   *
   * @param exchanges looked at after the queues, so that what they name is there
   */
  TopologyLint(List<ExchangeInfo> exchanges, List<QueueInfo> queues, List<BindingInfo> bindings) {
    exchanges.forEach(one -> this.exchanges.put(one.definition().name(), one));
    queues.forEach(one -> this.queues.put(one.name(), one));
    this.bindings = bindings;
    for (BindingInfo binding : bindings) {
      if (binding.toQueue() && !binding.source().isEmpty()) {
        bindingsTo.computeIfAbsent(binding.destination(), name -> new ArrayList<>()).add(binding);
      }
    }
    this.routes = new LintRoutes(this.exchanges, bindings);
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
  static String setting(FieldTable arguments, String argument, EffectivePolicy policy, String key) {
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
    if (exchange.isEmpty()) {
      deadLettersByDefault(queue, key);
    } else if (!exchanges.containsKey(exchange)) {
      lost(queue, "there is no exchange " + exchange)
          .mendedBy("declare-exchange", "Declare " + exchange)
          .with("exchange", exchange);
    } else if (!routes.reachQueue(exchange, null)) {
      lost(queue, "nothing is bound to the exchange " + exchange)
          .mendedBy("show-queue", "Show queue");
    } else if (key != null && !routes.reachQueue(exchange, key)) {
      lost(queue, "the exchange " + exchange + " leads the key " + key + " to no queue")
          .mendedBy("show-queue", "Show queue");
    } else if (key == null && arrivals(queue).noneReaches(exchange)) {
      lost(queue, "the exchange " + exchange + " leads the keys that they came with to no queue")
          .mendedBy("show-queue", "Show queue");
    }
  }

  private Finding lost(QueueInfo queue, String why) {
    return ofQueue(queue, "dead-letters-lost", Severity.BAD, "loses its dead letters: " + why);
  }

  private static String deadLetterSetting(QueueInfo queue, String what) {
    String key = "dead-letter-" + what;
    return setting(queue.arguments(), "x-" + key, queue.policy(), key);
  }

  /** The default exchange leads to the queue that the key names. */
  private void deadLettersByDefault(QueueInfo queue, String key) {
    if (key == null) {
      if (arrivals(queue).noneNames(queues.keySet())) {
        ofQueue(
                queue,
                "dead-letters-return",
                Severity.WARN,
                "gets its own dead letters back, or loses them: the default exchange takes them by"
                    + " the keys that they came with")
            .mendedBy("show-queue", "Show queue");
      }
    } else if (key.equals(queue.name())) {
      ofQueue(
              queue,
              "dead-letters-return",
              Severity.WARN,
              "gets its own dead letters back: rejected ones go round, expired ones are dropped")
          .mendedBy("show-queue", "Show queue");
    } else if (!queues.containsKey(key)) {
      lost(queue, "there is no queue " + key)
          .mendedBy("declare-queue", "Declare " + key)
          .with("queue", key);
    }
  }

  /** The keys that messages come to a queue with, as far as bindings tell. */
  private Arrivals arrivals(QueueInfo queue) {
    Set<String> keys = new HashSet<>();
    boolean any = false;
    for (BindingInfo binding : bindingsTo.getOrDefault(queue.name(), List.of())) {
      any |= !routes.isOneKey(binding);
      keys.add(binding.routingKey());
    }
    return new Arrivals(queue.name(), keys, any);
  }

  /**
   * @param keys of bindings
   * @param any whether messages come with others, too
   */
  private final class Arrivals {
    private final String queue;
    private final Set<String> keys;
    private final boolean any;

    Arrivals(String queue, Set<String> keys, boolean any) {
      this.queue = queue;
      this.keys = keys;
      this.any = any;
    }

    boolean noneReaches(String exchange) {
      return !any
          && !routes.reachQueue(exchange, queue)
          && keys.stream().noneMatch(key -> routes.reachQueue(exchange, key));
    }

    boolean noneNames(Set<String> names) {
      return !any && keys.stream().noneMatch(key -> !key.equals(queue) && names.contains(key));
    }
  }

  private void unrouted(ExchangeInfo exchange) {
    String alternate = LintRoutes.alternate(exchange);
    long published = exchange.figures().count(Counter.PUBLISH_IN);
    if (alternate != null && !exchanges.containsKey(alternate)) {
      ofExchange(
              exchange,
              "alternate-lost",
              Severity.BAD,
              "drops what no binding takes: there is no alternate exchange " + alternate)
          .mendedBy("declare-exchange", "Declare " + alternate)
          .with("exchange", alternate);
    } else if (alternate == null
        && exchange.bindings() == 0
        && published > 0
        && !exchange.definition().name().isEmpty()
        && exchange.definition().type() != ExchangeType.RECENT_HISTORY) {
      ofExchange(
              exchange,
              "unbound",
              Severity.WARN,
              "drops all that is published to it: nothing is bound to it")
          .shows("published", published)
          .mendedBy("bind", "Bind a queue");
    }
  }

  private void binding(BindingInfo binding) {
    ExchangeInfo source = exchanges.get(binding.source());
    if (source == null || binding.source().isEmpty()) {
      return;
    }
    ExchangeType type = LintRoutes.matching(source);
    String key = binding.routingKey();
    String to = "binds " + binding.destination() + " with " + key + ": ";
    if (type == ExchangeType.TOPIC && LintRoutes.hasWildcardWithinWord(key)) {
      show(source, "wildcard", to + "* and # stand for whole words only, between dots");
    } else if (type == ExchangeType.DIRECT && LintRoutes.hasWildcardWord(key)) {
      show(source, "wildcard", to + "a direct exchange takes * and # as they are");
    } else if (type == ExchangeType.HEADERS) {
      headers(source, binding);
    }
    QueueInfo queue = binding.toQueue() ? queues.get(binding.destination()) : null;
    if (queue != null && outlives(queue, source) && fleeting.add(List.of(source, queue))) {
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

  private static boolean outlives(QueueInfo queue, ExchangeInfo exchange) {
    return queue.durable()
        && !queue.exclusive()
        && !queue.autoDelete()
        && !exchange.definition().durable();
  }

  /** A binding that asks for no header takes everything, or with {@code any} nothing. */
  private void headers(ExchangeInfo source, BindingInfo binding) {
    String mode =
        binding.arguments().get("x-match") instanceof FieldValue.LongString text
            ? text.asString()
            : "all";
    boolean all = mode.startsWith("all");
    boolean takesX = mode.endsWith("-with-x");
    for (FieldTable.Entry entry : binding.arguments().entries()) {
      if (!"x-match".equals(entry.key()) && (takesX || !entry.key().startsWith("x-"))) {
        return;
      }
    }
    String gets = all ? "it gets all" : "it gets nothing";
    show(source, "headers", "binds " + binding.destination() + " without headers: " + gets);
  }

  private void show(ExchangeInfo source, String kind, String predicate) {
    ofExchange(source, kind, Severity.WARN, predicate).mendedBy("show-exchange", "Show bindings");
  }
}
