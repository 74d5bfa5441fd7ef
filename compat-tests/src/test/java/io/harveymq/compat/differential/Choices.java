package io.harveymq.compat.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The random parts of steps: names, arguments, properties. Names are few, so that steps have to do
 * with each other. Confined to one thread.
 */
final class Choices {
  private static final List<String> QUEUES = List.of("q0", "q1", "q2", "q3");
  private static final List<String> EXCHANGES = List.of("x0", "x1", "x2", "x3");
  private static final List<String> KEYS =
      List.of("a", "b", "a.b", "a.b.c", "b.c", "", "a..b", "q0");
  private static final List<String> PATTERNS =
      List.of("#", "*", "a.#", "a.*", "*.b", "#.b", "a.#.c", "#.#", "*.*.*", "", "a", "a.b", "q0");
  private static final List<String> HARMLESS =
      List.of(
          "x-message-ttl=I:3600000",
          "x-message-ttl=l:3600000",
          "x-expires=I:3600000",
          "x-max-length=I:10000",
          "x-max-length=s:10000",
          "x-max-length-bytes=l:100000000",
          "x-queue-mode=S:lazy",
          "x-queue-mode=S:default",
          "x-queue-type=S:classic",
          "x-queue-version=I:1",
          "x-overflow=S:drop-head",
          "x-unknown=S:thing",
          "unknown=F:{a=I:1}");
  private static final List<String> HARMLESS_QUORUM =
      List.of(
          "x-message-ttl=I:3600000",
          "x-expires=l:3600000",
          "x-max-length=I:10000",
          "x-max-length-bytes=l:100000000",
          "x-overflow=S:drop-head",
          "x-delivery-limit=I:100",
          "x-dead-letter-strategy=S:at-most-once",
          "x-quorum-initial-group-size=I:1",
          "x-queue-leader-locator=S:client-local",
          "x-max-in-memory-length=I:5",
          "x-max-in-memory-bytes=I:0",
          "unknown=F:{a=I:1}");
  private static final List<String> WRONG_QUORUM =
      List.of(
          "x-max-priority=I:5",
          "x-queue-mode=S:lazy",
          "x-queue-version=I:2",
          "x-delivery-limit=S:a",
          "x-dead-letter-strategy=S:never",
          "x-dead-letter-strategy=I:1",
          "x-overflow=S:reject-publish-dlx",
          "x-overflow=S:explode",
          "x-quorum-initial-group-size=I:0",
          "x-quorum-initial-group-size=S:a",
          "x-queue-leader-locator=S:here",
          "x-max-age=S:1D",
          "x-message-ttl=I:-1",
          "x-single-active-consumer=S:yes",
          "x-max-in-memory-length=I:-1");
  private static final List<String> WRONG =
      List.of(
          "x-message-ttl=I:-1",
          "x-message-ttl=S:1000",
          "x-message-ttl=l:4294967296000",
          "x-message-ttl=d:1.5",
          "x-expires=I:0",
          "x-expires=S:x",
          "x-max-length=I:-5",
          "x-max-length=S:5",
          "x-max-length-bytes=l:-1",
          "x-max-priority=I:-1",
          "x-max-priority=I:256",
          "x-max-priority=S:a",
          "x-overflow=S:explode",
          "x-overflow=I:1",
          "x-queue-mode=S:quick",
          "x-queue-mode=I:1",
          "x-queue-version=I:3",
          "x-queue-version=S:a",
          "x-queue-type=I:1",
          "x-queue-type=S:nothing",
          "x-single-active-consumer=S:yes",
          "x-dead-letter-exchange=I:3",
          "x-dead-letter-routing-key=S:key",
          "x-dead-letter-exchange=S:x0,x-dead-letter-routing-key=I:3",
          "x-max-age=S:1D",
          "x-stream-max-segment-size-bytes=I:3",
          "x-delivery-limit=I:3");
  private static final List<String> VALUES =
      List.of(
          "S:text",
          "S:",
          "I:-7",
          "I:5",
          "l:5",
          "t:1",
          "t:0",
          "V:",
          "d:1.5",
          "f:0.25",
          "s:5",
          "b:-5",
          "T:1700000000",
          "x:%00%FF",
          "F:{n=I:1,s=S:t}",
          "A:[S:a,I:1,V:]",
          "D:2/314",
          "B:200",
          "u:60000",
          "i:4000000000",
          "F:{}",
          "A:[]",
          "S:5",
          "d:5.0");

  private final Random random;
  private final Set<Feature> features;
  private final List<String> queues;
  private final List<String> exchanges;
  private final boolean careless;
  private final boolean limitingReturns;
  private final List<String> quorumQueues;
  private int messages;

  Choices(Random random, Set<Feature> features) {
    this.random = random;
    this.features = features;
    this.queues = QUEUES.subList(0, of(List.of(1, 2, 4, 4)));
    this.careless = has(Feature.MISTAKES) && once(2);
    this.limitingReturns = has(Feature.QUORUM_QUEUES) && once(2);
    this.quorumQueues =
        queues.stream().filter(queue -> has(Feature.QUORUM_QUEUES) && once(3)).toList();
    this.exchanges = EXCHANGES.subList(0, of(List.of(1, 2, 4)));
  }

  /** The queues of this conversation: one, two or four. */
  List<String> queues() {
    return queues;
  }

  List<String> exchanges() {
    return exchanges;
  }

  /** Whether the clients of this conversation make mistakes. */
  boolean isCareless() {
    return careless;
  }

  /**
   * Whether the queue of this name is a quorum queue for the whole conversation: a channel of
   * RabbitMQ falls over one that was a classic queue when the channel knew it first.
   */
  boolean isQuorum(String queue) {
    return quorumQueues.contains(queue);
  }

  /**
   * Whether quorum queues may have limits for returns; then consumers do without limits, because
   * they get too much from RabbitMQ when a message is over the limit, which is a known difference.
   */
  boolean isLimitingReturns() {
    return limitingReturns;
  }

  boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** True once in so many times. */
  boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T of(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  String queue() {
    return once(40) ? "$gen1" : careless && once(60) ? "missing" : of(queues);
  }

  String exchange() {
    return once(12)
        ? of(List.of("amq.direct", "amq.fanout", "amq.topic", "amq.match", "amq.headers"))
        : of(exchanges);
  }

  String key() {
    return of(KEYS);
  }

  String pattern() {
    return of(PATTERNS);
  }

  String bit(String name, int in) {
    return once(in) ? " " + name + "=1" : "";
  }

  /** The arguments of a queue, with a blank in front, or nothing. */
  String queueArguments() {
    List<String> chosen = new ArrayList<>();
    for (int i = once(3) ? 1 + below(2) : 0; i > 0; i--) {
      chosen.add(of(HARMLESS));
    }
    if (careless && once(6)) {
      chosen.add(of(WRONG));
    }
    addFeatures(chosen);
    return arguments(chosen);
  }

  /** The flags and arguments of a quorum queue, with a blank in front. */
  String quorumQueue() {
    List<String> chosen = new ArrayList<>(List.of("x-queue-type=S:quorum"));
    for (int i = once(3) ? 1 + below(2) : 0; i > 0; i--) {
      chosen.add(of(HARMLESS_QUORUM));
    }
    if (careless && once(6)) {
      chosen.add(of(WRONG_QUORUM));
    }
    if (limitingReturns && once(2)) {
      chosen.add("x-delivery-limit=I:" + below(3));
    }
    // How far one may go beyond a limit is not promised, when more is refused.
    if (has(Feature.LENGTH_LIMITS) && once(3)) {
      chosen.add(once(4) ? "x-max-length-bytes=I:" + below(20) : "x-max-length=I:" + below(4));
    }
    addDeadLetters(chosen);
    if (has(Feature.SINGLE_ACTIVE_CONSUMER) && once(4)) {
      chosen.add("x-single-active-consumer=t:1");
    }
    String wrong = careless ? bit("exclusive", 20) + bit("auto-delete", 20) : "";
    return (careless && once(20) ? "" : " durable=1") + wrong + arguments(chosen);
  }

  private void addDeadLetters(List<String> chosen) {
    if (has(Feature.DEAD_LETTERS) && once(3)) {
      chosen.add("x-dead-letter-exchange=S:" + (once(2) ? "" : of(exchanges)));
      if (once(2)) {
        chosen.add("x-dead-letter-routing-key=S:" + of(queues));
      }
    }
  }

  private void addFeatures(List<String> chosen) {
    if (has(Feature.MESSAGE_TTL) && once(5)) {
      chosen.add("x-message-ttl=I:0");
    }
    if (has(Feature.LENGTH_LIMITS) && once(3)) {
      chosen.add(once(4) ? "x-max-length-bytes=I:" + below(20) : "x-max-length=I:" + below(4));
      if (once(2)) {
        chosen.add(
            "x-overflow=S:" + of(List.of("drop-head", "reject-publish", "reject-publish-dlx")));
      }
    }
    addDeadLetters(chosen);
    if (has(Feature.PRIORITIES) && once(4)) {
      chosen.add("x-max-priority=I:" + of(List.of(0, 1, 2, 5, 10, 255)));
    }
    if (has(Feature.SINGLE_ACTIVE_CONSUMER) && once(4)) {
      chosen.add("x-single-active-consumer=t:" + (once(5) ? 0 : 1));
    }
  }

  private static String arguments(List<String> chosen) {
    List<String> distinct = new ArrayList<>();
    for (String each : chosen) {
      String name = each.substring(0, each.indexOf('=') + 1);
      if (distinct.stream().noneMatch(other -> other.startsWith(name))) {
        distinct.add(each);
      }
    }
    return distinct.isEmpty() ? "" : " arguments={" + String.join(",", distinct) + "}";
  }

  /** The arguments of an exchange. */
  String exchangeArguments() {
    List<String> chosen = new ArrayList<>();
    if (once(8)) {
      chosen.add("x-unknown=" + of(VALUES));
    }
    if (has(Feature.ALTERNATE_EXCHANGE) && once(3)) {
      chosen.add("alternate-exchange=S:" + of(exchanges));
    }
    return arguments(chosen);
  }

  /** The arguments of a binding: what a headers exchange wants, for any exchange. */
  String bindingArguments() {
    if (!once(3)) {
      return "";
    }
    List<String> chosen = new ArrayList<>();
    if (!once(5)) {
      chosen.add(
          "x-match=S:" + of(List.of("all", "any", "all", "any", "all-with-x", "any-with-x")));
    }
    for (int i = below(3); i > 0; i--) {
      chosen.add(header());
    }
    if (careless && once(15)) {
      chosen.add(0, of(List.of("x-match=S:some", "x-match=I:1")));
    }
    return arguments(chosen);
  }

  private String header() {
    return of(List.of("h1", "h2", "x-h3")) + "=" + (once(2) ? "S:text" : of(VALUES));
  }

  /** Properties and body of a message, with a blank in front. */
  String message() {
    return message(true);
  }

  /** The same without a large body: who reads slowly would get fewer of several such. */
  String smallMessage() {
    return message(false);
  }

  private String message(boolean large) {
    StringBuilder text = new StringBuilder(" body=m" + ++messages);
    text.append(once(10) && large ? " repeat=" + 1000 * (1 + below(20)) : "");
    if (once(2)) {
      return text.toString();
    }
    text.append(once(4) ? " content-type=text/plain" : "");
    text.append(once(8) ? " content-encoding=utf-8" : "");
    text.append(once(2) ? headers() : "");
    text.append(once(3) ? " delivery-mode=" + (1 + below(2)) : "");
    // One that expires at once above others is a known difference.
    String expiration = once(8) ? expiration() : "";
    boolean prior = !expiration.equals("0") && (once(4) || has(Feature.PRIORITIES));
    text.append(prior ? " priority=" + priority() : "");
    text.append(once(6) ? " correlation-id=c" + below(9) : "");
    text.append(once(8) ? " reply-to=q0" : "");
    text.append(expiration.isEmpty() ? "" : " expiration=" + expiration);
    text.append(once(8) ? " message-id=id" + below(9) : "");
    text.append(once(8) ? " timestamp=1700000000" : "");
    text.append(once(8) ? " type=kind" : "");
    text.append(once(8) ? " user-id=guest" : "");
    text.append(once(8) ? " app-id=app" : "");
    text.append(once(15) ? " cluster-id=c" : "");
    return text.toString();
  }

  private String priority() {
    return of(List.of("0", "1", "2", "3", "5", "9", "10", "255"));
  }

  private String expiration() {
    return has(Feature.MESSAGE_TTL) && once(2) ? "0" : "3600000";
  }

  private String headers() {
    List<String> chosen = new ArrayList<>();
    for (int i = below(4); i > 0; i--) {
      chosen.add(header());
    }
    if (has(Feature.SENDER_SELECTED_ROUTING) && once(4)) {
      String copies =
          of(List.of("CC", "BCC"))
              + "=A:[S:"
              + of(queues)
              + (once(2) ? ",S:" + of(queues) : "")
              + "]";
      // A queue may refuse its copy, which is a dead letter then, beside the others or before them.
      if (!(has(Feature.DEAD_LETTERS) && has(Feature.LENGTH_LIMITS))) {
        chosen.add(copies);
      }
    }
    String text = arguments(chosen);
    return text.isEmpty() ? " headers={}" : text.replaceFirst("arguments", "headers");
  }
}
