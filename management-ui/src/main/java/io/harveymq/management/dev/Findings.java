package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.harveymq.broker.Resource;
import io.harveymq.broker.ResourceAlarms;
import io.harveymq.broker.inspect.BusyQueue;
import io.harveymq.broker.inspect.ChannelInfo;
import io.harveymq.broker.inspect.ConnectionInfo;
import io.harveymq.broker.inspect.ExchangeInfo;
import io.harveymq.broker.node.Refusals;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.vhost.DroppedMessages;
import io.harveymq.codec.FieldValue;
import io.harveymq.management.dev.Finding.Severity;
import io.harveymq.management.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What needs attention in what somebody may see, worked out from the broker's own figures, so that
 * the page, the API and whoever watches are told the same. Used for one answer by one thread.
 */
final class Findings {
  private static final long DROPPED_MILLIS = 10_000;
  private static final String UNBOUND = "no queue is bound to it";
  private static final long SLOW_MILLIS = 30_000;
  private static final double CHURN = 10;
  private static final int MOST_KEYS = 3;
  private static final int MOST_OF_REFUSALS = 10;
  private static final Pattern OBJECT =
      Pattern.compile("\\b(queue|exchange) '([^']*)' in vhost '([^']*)'");

  private final List<Finding> found = new ArrayList<>();
  private final Map<String, String> clients = new HashMap<>();
  private final long now;
  private final boolean administrator;

  /**
   * @param now the broker's time, in milliseconds since the epoch
   * @param administrator whether who asks is one, and so is led to what only they may see
   */
  Findings(long now, boolean administrator) {
    this.now = now;
    this.administrator = administrator;
  }

  /** All, the worst first. */
  ArrayNode json() {
    ArrayNode all = Json.array();
    found.stream().sorted(Finding.WORST_FIRST).forEach(one -> all.add(one.json()));
    return all;
  }

  /** What the broker is low on. */
  void node(String node, ResourceAlarms alarms) {
    for (var resource : alarms.raised()) {
      boolean memory = resource == Resource.MEMORY;
      String cause =
          memory
              ? "memory is above " + mebibytes(alarms.memoryLimit())
              : "free disk space is below " + mebibytes(alarms.diskLimit());
      Finding blocked =
          new Finding("blocked", Severity.BAD, "Publishers", "are blocked: " + cause)
              .of("node", null, node)
              .weighs(Long.MAX_VALUE)
              .mendedBy("show-node", "Show node");
      found.add(memory ? blocked : blocked.shows("disk_free", alarms.diskFree()));
    }
    found.addAll(LimitFindings.resources(node, alarms));
  }

  /** That no client is let in, by {@code stop_app}. */
  void stopped(String node) {
    found.add(
        new Finding(
                "stopped",
                Severity.BAD,
                "Clients",
                "are not let in: `rabbitmqctl stop_app` has stopped the broker,"
                    + " and `rabbitmqctl start_app` starts it")
            .of("node", null, node)
            .weighs(Long.MAX_VALUE)
            .mendedBy("show-node", "Show node"));
  }

  void add(List<Finding> more) {
    found.addAll(more);
  }

  private static String mebibytes(long bytes) {
    return bytes / (1 << 20) + " MiB";
  }

  void queues(List<BusyQueue> busy, Predicate<String> mayWatch) {
    for (BusyQueue one : busy) {
      found.addAll(QueueFindings.of(one, mayWatch));
    }
  }

  // ---- dropping

  /** Whether an exchange lost a message so lately that it is still told. */
  boolean isTold(DroppedMessages.Loss loss) {
    return now - loss.last() <= DroppedMessages.QUIET_MILLIS;
  }

  /**
   * An exchange that loses messages, or did a while ago and would again.
   *
   * @param loss with those messages that would be lost again and whose keys may be told
   */
  void dropping(ExchangeInfo exchange, DroppedMessages.Loss loss) {
    Set<String> keys = new LinkedHashSet<>();
    for (DroppedMessages.Dropped dropped : loss.kept()) {
      if (keys.size() < MOST_KEYS) {
        keys.add(dropped.message().routingKey());
      }
    }
    String first = keys.isEmpty() ? "" : keys.iterator().next();
    boolean isDefault = loss.exchange().isEmpty();
    boolean goesOn = now - loss.last() <= DROPPED_MILLIS;
    double rate = goesOn ? exchange.figures().rate(Counter.DROP_UNROUTABLE) : 0;
    Finding finding =
        new Finding(
                "dropping",
                goesOn ? Severity.BAD : Severity.WARN,
                isDefault ? "amq.default" : loss.exchange(),
                goesOn ? drops(exchange, keys) : dropped(exchange, loss.total(), keys))
            .of("exchange", exchange.vhost(), loss.exchange())
            .shows("dropped_rate", rate)
            .shows("dropped", loss.total())
            .shows("last", loss.last())
            .stays(goesOn ? Finding.Stay.STAYS : Finding.Stay.PAST)
            .weighs(rate)
            .since(loss.since());
    keys.forEach(finding.evidence().withArray("/keys")::add);
    if (keys.isEmpty()) {
      found.add(finding.mendedBy("show-exchange", "Show exchange"));
      return;
    }
    finding.mendedBy(
        isDefault ? "declare-queue" : "bind", isDefault ? "Declare " + first : "Bind a queue");
    found.add(isDefault ? finding.with("queue", first) : finding.with("routing_key", first));
  }

  private static boolean isDefault(ExchangeInfo exchange) {
    return exchange.definition().name().isEmpty();
  }

  private static boolean isUnbound(ExchangeInfo exchange) {
    return !isDefault(exchange) && exchange.bindings() == 0 && !hasAlternate(exchange);
  }

  private static String listed(Set<String> keys) {
    return String.join(", ", keys.stream().map(key -> "`" + key + "`").toList());
  }

  /** What happens at this time. */
  private static String drops(ExchangeInfo exchange, Set<String> keys) {
    if (isUnbound(exchange)) {
      return "drops every message: " + UNBOUND;
    }
    return (isDefault(exchange)
            ? "drops keys that name no queue"
            : "drops keys that match no binding")
        + (keys.isEmpty() ? "" : ": " + listed(keys));
  }

  /** What happened, and why it would again. */
  private static String dropped(ExchangeInfo exchange, long total, Set<String> keys) {
    String what =
        "dropped " + LimitFindings.number(total) + (total == 1 ? " message: " : " messages: ");
    if (isUnbound(exchange)) {
      return what + UNBOUND;
    }
    boolean one = keys.size() == 1;
    String which = keys.isEmpty() ? "their keys" : listed(keys);
    return what
        + which
        + (isDefault(exchange)
            ? (one ? " names no queue" : " name no queue")
            : (one ? " matches no binding" : " match no binding"));
  }

  private static boolean hasAlternate(ExchangeInfo exchange) {
    return exchange.definition().arguments().get("alternate-exchange")
            instanceof FieldValue.LongString
        || exchange.policy().text("alternate-exchange") != null;
  }

  // ---- clients

  void connections(List<ConnectionInfo> connections) {
    for (ConnectionInfo connection : connections) {
      String name =
          connection.clientProperties().get("connection_name") instanceof FieldValue.LongString own
              ? own.asString()
              : connection.name();
      clients.put(connection.name(), name);
      if (connection.channelRate() > CHURN) {
        found.add(
            new Finding("churn", Severity.WARN, name, "opens a new channel for nearly each message")
                .of("connection", connection.vhost(), connection.name())
                .shows("channels_rate", connection.channelRate())
                .weighs(connection.channelRate())
                .mendedBy("show-connection", "Show client"));
      }
    }
  }

  /** How many connections are opened a second. */
  void connectionRate(double rate) {
    if (rate > CHURN) {
      found.add(
          new Finding("churn", Severity.WARN, "Clients", "open a new connection again and again")
              .of("connections", null, "")
              .shows("connections_rate", rate)
              .weighs(rate)
              .mendedBy("show-connections", "Show clients"));
    }
  }

  /**
   * Channels, those of clients that may not be named, too.
   *
   * @param channels whose {@link #connections} are known as far as they may be named
   */
  void channels(List<ChannelInfo> channels) {
    Map<String, ChannelInfo> slowest = new HashMap<>();
    for (ChannelInfo channel : channels) {
      ChannelInfo.Held oldest = channel.oldest();
      if (oldest != null && oldest.millis() > SLOW_MILLIS) {
        slowest.merge(channel.vhost() + "\n" + oldest.queue(), channel, this::worse);
      }
    }
    slowest.values().forEach(this::slow);
  }

  /** Who may be named goes before who is slower. */
  private ChannelInfo worse(ChannelInfo one, ChannelInfo other) {
    boolean named = clients.containsKey(one.connection());
    if (named != clients.containsKey(other.connection())) {
      return named ? one : other;
    }
    return one.oldest().millis() >= other.oldest().millis() ? one : other;
  }

  /** Whoever sees the queue sees this, and the client's name who may watch the client. */
  private void slow(ChannelInfo channel) {
    ChannelInfo.Held held = channel.oldest();
    String messages = held.count() == 1 ? "1 message" : held.count() + " messages";
    String client = clients.get(channel.connection());
    Finding finding =
        new Finding(
            "slow-acks",
            Severity.WARN,
            client == null ? "A client" : client,
            "holds " + messages + " of " + held.queue() + " for " + age(held.millis()));
    if (client != null) {
      finding.shows("connection", channel.connection());
    }
    found.add(
        finding
            .of("queue", channel.vhost(), held.queue())
            .shows("unacked", held.count())
            .shows("held_ms", held.millis())
            .shows("returns", held.failures())
            .weighs(held.count())
            .since(now - held.millis())
            .mendedBy("show-consumers", "Show consumer"));
  }

  static String age(long millis) {
    long seconds = millis / 1_000;
    if (seconds < 120) {
      return seconds + " s";
    }
    long minutes = seconds / 60;
    return minutes < 120 ? minutes + " min" : minutes / 60 + " h";
  }

  // ---- refusals

  private record Alike(String who, int code, String text) {}

  /** What clients were refused in the last minute. */
  void refusals(List<Refusals.Refusal> refusals) {
    Map<Alike, List<Refusals.Refusal>> alike = new LinkedHashMap<>();
    for (Refusals.Refusal refusal : refusals) {
      Alike key = new Alike(who(refusal), refusal.code(), refusal.text());
      alike.computeIfAbsent(key, none -> new ArrayList<>()).add(refusal);
    }
    alike.entrySet().stream()
        .sorted((one, other) -> last(other.getValue()).compareTo(last(one.getValue())))
        .limit(MOST_OF_REFUSALS)
        .forEach(entry -> found.add(refused(entry.getKey(), entry.getValue())));
  }

  private static Long last(List<Refusals.Refusal> refusals) {
    return refusals.get(refusals.size() - 1).time();
  }

  private static String who(Refusals.Refusal refusal) {
    if (refusal.client() != null) {
      return refusal.client();
    }
    return refusal.user() == null ? refusal.connection() : refusal.user();
  }

  /** Who was refused may have gone, and who was not let in never came. */
  private Finding byWhom(Finding finding, Refusals.Refusal refusal) {
    if (clients.containsKey(refusal.connection())) {
      return finding
          .of("connection", refusal.vhost(), refusal.connection())
          .mendedBy("show-connection", "Show client");
    }
    return refusal.vhost() == null && administrator
        ? finding.of("users", null, "").mendedBy("show-users", "Show users")
        : finding.of("connections", null, "").mendedBy("show-connections", "Show clients");
  }

  private Finding refused(Alike alike, List<Refusals.Refusal> refusals) {
    Refusals.Refusal newest = refusals.get(refusals.size() - 1);
    String text = newest.text().replaceFirst("^[A-Z_]+ - ", "");
    Matcher object = OBJECT.matcher(text);
    boolean named = object.find();
    List<Inequivalence> others = named ? Inequivalence.all(text, newest.besides()) : List.of();
    String why = others.isEmpty() ? text : sentence(others, object.group(1), object.group(2));
    Finding finding =
        new Finding("refused", Severity.WARN, alike.who, "was refused: " + why)
            .shows("code", newest.code())
            .shows("times", refusals.size())
            .shows("user", newest.user())
            .shows("connection", newest.connection())
            .stays(Finding.Stay.PASSES)
            .weighs(refusals.size())
            .since(refusals.get(0).time());
    if (!named) {
      return byWhom(finding, newest);
    }
    String type = object.group(1);
    String name = object.group(2);
    finding.of(type, object.group(3), name);
    if (text.startsWith("no " + type)) {
      return finding.mendedBy("declare-" + type, "Declare " + name).with(type, name);
    }
    if (others.isEmpty()) {
      return finding.mendedBy("show-" + type, "Show " + type);
    }
    Inequivalence first = others.get(0);
    finding
        .shows("reason", newest.text())
        .shows("argument", first.argument())
        .shows("received", first.received())
        .shows("current", first.current())
        .mendedBy("show-" + type, "Compare")
        .with("argument", first.argument())
        .with("received", first.received());
    ArrayNode differences = finding.act().putArray("differences");
    others.forEach(other -> differences.add(other.json()));
    return finding;
  }

  /** Of many the first is told whole, the others by their names. */
  private static String sentence(List<Inequivalence> others, String type, String name) {
    String first = others.get(0).sentence(type, name);
    return others.size() == 1
        ? first
        : others.stream()
            .skip(1)
            .map(Inequivalence::argument)
            .collect(Collectors.joining(", ", first + "; it differs in ", " as well"));
  }
}
