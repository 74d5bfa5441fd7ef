package io.harveymq.management.dev;

import io.harveymq.broker.inspect.BrowsedMessage;
import io.harveymq.broker.inspect.BusyQueue;
import io.harveymq.broker.inspect.ConsumerInfo;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.broker.queue.ClientName;
import io.harveymq.broker.queue.DeadArrivals;
import io.harveymq.broker.queue.OverflowBehaviour;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.queue.RepeatedDeliveries;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Figures;
import io.harveymq.management.dev.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What is the matter with a queue, by its figures of now and of the last minute; nothing is kept
 * from one look to the next. Stateless.
 */
final class QueueFindings {
  private static final String LOOP = "redelivery-loop";
  private static final String NEAR = "near-limit";
  private static final long HELD_MILLIS = 5_000;
  private static final long GROWS_MILLIS = 10_000;
  private static final long LATELY_MILLIS = 60_000;
  private static final double LEAST_GROWTH = 0.05;

  /** Acknowledgements that take longer than so many milliseconds are slow. */
  private static final long SLOW_ACK_MILLIS = 1_000;

  private final BusyQueue busy;
  private final Predicate<String> mayWatch;
  private final QueueInfo queue;
  private final Figures figures;
  private final long ready;
  private final long unacked;

  private QueueFindings(BusyQueue busy, Predicate<String> mayWatch) {
    this.busy = busy;
    this.mayWatch = mayWatch;
    this.queue = busy.queue();
    this.figures = queue.figures();
    this.ready = queue.messages().ready();
    this.unacked = queue.messages().unacknowledged();
  }

  /**
   * All that is the matter; of what is true of its length, the worst.
   *
   * @param mayWatch whose clients may be named
   */
  static List<Finding> of(BusyQueue busy, Predicate<String> mayWatch) {
    QueueFindings of = new QueueFindings(busy, mayWatch);
    List<Finding> found = new ArrayList<>();
    add(found, of.deadLettersLost());
    add(found, of.redeliveryLoop());
    Finding length = of.full();
    Finding[] others = {
      of.paused(),
      of.overLimit(),
      of.nearLimit(),
      of.noConsumer(),
      of.deadLetters(),
      of.fallingBehind()
    };
    for (Finding other : others) {
      length = length == null ? other : length;
    }
    add(found, length);
    return found;
  }

  private static void add(List<Finding> found, Finding finding) {
    if (finding != null) {
      found.add(finding);
    }
  }

  private Finding finding(String kind, Severity severity, String predicate) {
    return new Finding(kind, severity, queue.name(), predicate)
        .of("queue", queue.vhost(), queue.name())
        .weighs(ready);
  }

  private Finding waiting(Finding finding) {
    finding.shows("ready", ready);
    double growth = growth();
    return growth > LEAST_GROWTH ? finding.shows("growth", growth) : finding;
  }

  private long readyBefore(long millis) {
    return figures.at(Counter.MESSAGES_READY, figures.time() - millis);
  }

  /** Messages more a second, over the time between two samples and not more. */
  private double growth() {
    return figures.rate(Counter.MESSAGES_READY);
  }

  private boolean isWaiting() {
    return queue.type() != QueueType.STREAM && ready > 0 && readyBefore(HELD_MILLIS) > 0;
  }

  private Finding deadLettersLost() {
    String exchange = busy.missingExchange();
    if (exchange == null) {
      return busy.leadsNowhere() ? deadLettersUnbound(busy.deadLetterExchange()) : null;
    }
    return finding(
            "dead-letters-lost",
            Severity.BAD,
            "loses its dead letters: there is no exchange " + exchange)
        .shows("exchange", exchange)
        .mendedBy("declare-exchange", "Declare " + exchange)
        .with("exchange", exchange);
  }

  private Finding deadLettersUnbound(String exchange) {
    return finding(
            "dead-letters-lost",
            Severity.BAD,
            "loses its dead letters: nothing is bound to exchange " + exchange)
        .shows("exchange", exchange)
        .mendedBy("bind", "Bind a queue")
        .with("exchange", exchange);
  }

  private Finding redeliveryLoop() {
    RepeatedDeliveries.Repeated repeated = busy.repeated();
    if (repeated == null) {
      return null;
    }
    String client = nameOf(repeated.client());
    String times = " again and again, " + number(repeated.returns()) + " times so far";
    Finding found =
        client == null
            ? finding(LOOP, Severity.WARN, "delivers the same message" + times)
            : new Finding(
                    LOOP, Severity.WARN, client, "gets the same message of " + queue.name() + times)
                .of("queue", queue.vhost(), queue.name())
                .shows("client", client);
    return found
        .shows("returns", repeated.returns())
        .weighs(repeated.returns())
        .mendedBy("show-queue", "Show message")
        .with("place", BrowsedMessage.place(repeated.lane(), repeated.position()));
  }

  private Finding full() {
    boolean isFull =
        busy.maxLength() != null && ready >= busy.maxLength()
            || busy.maxBytes() != null && queue.messages().readyBytes() >= busy.maxBytes();
    boolean refused = isLately(Counter.REJECTED_MAXLEN);
    if (busy.overflow() == OverflowBehaviour.DROP_HEAD || !isFull && !refused) {
      return null;
    }
    String says = isFull ? "is full: it refuses" : "is full at times and refuses";
    String then = deadLettersRefused() ? ", which " + goTo() : "";
    String times = refused ? "; " + lost(Counter.REJECTED_MAXLEN, " so far") : "";
    Finding found = finding("rejecting", Severity.BAD, says + " new messages" + then + times);
    if (refused) {
      counted(found, "rejected", Counter.REJECTED_MAXLEN);
    }
    return waiting(found).mendedBy("show-queue", "Show queue");
  }

  /** Whether one was counted within the last minute. */
  private boolean isLately(Counter counter) {
    return figures.since(counter, figures.time() - LATELY_MILLIS) > 0;
  }

  private Finding counted(Finding finding, String name, Counter counter) {
    long count = figures.count(counter);
    return finding
        .shows(name, count)
        .shows(name + "_rate", figures.rate(counter))
        .weighs(Math.max(ready, count));
  }

  /** How many, and how many a second if it is so at this time. */
  private String lost(Counter counter, String what) {
    double rate = figures.rate(counter);
    String shown = String.format(Locale.ROOT, rate < 9.95 ? "%.1f" : "%,.0f", rate);
    String times = shown.equals("0.0") ? "" : ", " + shown.replaceFirst("\\.0$", "") + "/s";
    return number(figures.count(counter)) + what + times;
  }

  private Finding paused() {
    if (!queue.paused() || ready == 0) {
      return null;
    }
    return waiting(finding("paused", Severity.WARN, "is paused: its consumers get nothing"))
        .mendedBy("resume", "Resume");
  }

  private Finding noConsumer() {
    long publishedBefore = figures.at(Counter.PUBLISH, figures.time() - LATELY_MILLIS);
    if (queue.consumers() > 0
        || !isWaiting()
        || busy.isWaitingRoom()
        || isDeadLetterTarget()
        || figures.count(Counter.PUBLISH) <= publishedBefore) {
      return null;
    }
    return waiting(finding("no-consumer", Severity.WARN, "has no consumer"))
        .mendedBy("show-queue", "Show queue");
  }

  private boolean isDeadLetterTarget() {
    return busy.death() != null && !busy.death().cameBack() && !busy.isWaitingRoom();
  }

  private Finding deadLetters() {
    boolean drained = queue.consumers() > 0 && readyBefore(HELD_MILLIS) == 0;
    if (!isDeadLetterTarget() || ready == 0 || drained) {
      return null;
    }
    BusyQueue.Death death = busy.death();
    Finding found =
        waiting(finding("dead-letters", Severity.WARN, "holds " + deadLettersOf(death)));
    if (death.time() > 0) {
      found.shows("oldest_ms", Math.max(0, figures.time() - death.time()));
    }
    return found.mendedBy("redrive", "Review and redrive");
  }

  /** What most of them died of, or else the first. */
  private String deadLettersOf(BusyQueue.Death first) {
    DeadArrivals.Most most = busy.deaths();
    long held = ready + unacked;
    if (most == null || most.total() > 2 * held || most.count() <= held / 2) {
      return "dead letters, the first " + first.reason() + " in " + first.queue();
    }
    String what = held == 1 ? "a dead letter, " : "dead letters, ";
    return what
        + (most.count() < Math.max(held, most.total()) ? "most of them " : "")
        + of(most.cause());
  }

  /** The name of a client; null without one, or if it may not be told. */
  private String nameOf(ClientName client) {
    return client != null && mayWatch.test(client.user()) ? client.name() : null;
  }

  private String of(DeadArrivals.Cause cause) {
    return switch (cause.reason()) {
      case REJECTED -> {
        String client = nameOf(cause.client());
        yield client == null ? "rejected in " + cause.queue() : "rejected by " + client;
      }
      case EXPIRED -> "expired in " + cause.queue();
      case MAXLEN -> "too many for " + cause.queue();
      case DELIVERY_LIMIT -> "delivered too often from " + cause.queue();
    };
  }

  private Finding fallingBehind() {
    boolean grows =
        ready > readyBefore(HELD_MILLIS) && readyBefore(HELD_MILLIS) > readyBefore(GROWS_MILLIS);
    boolean more = figures.rate(Counter.PUBLISH) > out();
    if (queue.consumers() == 0 || !isWaiting() || !grows || !more) {
      return null;
    }
    return waiting(finding("falling-behind", Severity.WARN, "falls behind: " + cause()))
        .shows("unacked", unacked)
        .shows("ack_time_ms", Math.max(0, ackMillis()))
        .mendedBy("show-queue", "Show queue");
  }

  /** What an acknowledgement takes now, in milliseconds; -1 while there is none. */
  private long ackMillis() {
    double acks = figures.rate(Counter.ACK);
    return acks > 0
        ? Math.round(figures.rate(Counter.ACK_TIME_MS) / acks)
        : busy.consumers().stream().mapToLong(ConsumerInfo::ackMillis).max().orElse(-1);
  }

  private double out() {
    return figures.rate(Counter.DELIVER)
        + figures.rate(Counter.DELIVER_NO_ACK)
        + figures.rate(Counter.GET)
        + figures.rate(Counter.GET_NO_ACK);
  }

  private String cause() {
    long millis = ackMillis();
    return millis < SLOW_ACK_MILLIS ? who() : who() + ", with slow acks at " + seconds(millis);
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s each", millis / 1_000.0);
  }

  private String who() {
    List<ConsumerInfo> consumers = busy.consumers();
    long slots = consumers.stream().mapToLong(ConsumerInfo::prefetch).sum();
    boolean allFull =
        !consumers.isEmpty()
            && consumers.stream()
                .allMatch(one -> one.prefetch() > 0 && one.unacknowledged() >= one.prefetch());
    if (allFull && slots == 1) {
      return "its only consumer has its one prefetch slot in use";
    }
    if (allFull && consumers.size() == 1) {
      return "its only consumer has all " + slots + " prefetch slots in use";
    }
    if (allFull) {
      return "its " + consumers.size() + " consumers have all " + slots + " prefetch slots in use";
    }
    return queue.consumers() == 1
        ? "more comes in than its only consumer takes"
        : "more comes in than its " + queue.consumers() + " consumers take";
  }

  private Finding nearLimit() {
    double length = share(ready, busy.maxLength());
    long size = queue.messages().readyBytes();
    double bytes = share(size, busy.maxBytes());
    if (ready == 0 || Math.max(length, bytes) < LimitFindings.NEAR) {
      return null;
    }
    String what =
        length >= bytes
            ? number(ready) + " of " + messages(busy.maxLength())
            : LimitFindings.bytes(size, busy.maxBytes());
    return waiting(finding(NEAR, Severity.WARN, "is at " + what + "; " + then()))
        .mendedBy("show-queue", "Show queue");
  }

  /** It drops at its limits, be it that nothing waits at this time. */
  private Finding overLimit() {
    if (busy.overflow() != OverflowBehaviour.DROP_HEAD || !isLately(Counter.DROPPED_MAXLEN)) {
      return null;
    }
    boolean goesOn = busy.deadLetterExchange() != null;
    String what = " of its oldest messages" + (goesOn ? ", which " + goTo() : "");
    String says = "dropped " + lost(Counter.DROPPED_MAXLEN, what) + limit();
    return waiting(counted(finding(NEAR, Severity.WARN, says), "dropped", Counter.DROPPED_MAXLEN))
        .mendedBy("show-queue", "Show queue");
  }

  /** The limit that it is closest to. */
  private String limit() {
    Long length = busy.maxLength();
    Long bytes = busy.maxBytes();
    if (length == null && bytes == null) {
      return "";
    }
    boolean byLength =
        bytes == null
            || length != null
                && share(ready, length) >= share(queue.messages().readyBytes(), bytes);
    return ": its limit is " + (byLength ? messages(length) : LimitFindings.bytes(bytes));
  }

  private static double share(long now, Long most) {
    return most == null ? 0 : most == 0 ? 1 : (double) now / most;
  }

  /** What happens at the limit. */
  private String then() {
    if (busy.overflow() == OverflowBehaviour.DROP_HEAD) {
      boolean goesOn = busy.deadLetterExchange() != null;
      return goesOn ? "the oldest will " + goTo() : "the oldest will be dropped";
    }
    return "new ones will be refused" + (deadLettersRefused() ? " and " + goTo() : "");
  }

  private boolean deadLettersRefused() {
    return busy.overflow() == OverflowBehaviour.REJECT_PUBLISH_DLX
        && busy.deadLetterExchange() != null;
  }

  /** Where dead letters go. */
  private String goTo() {
    String exchange = busy.deadLetterExchange();
    return "go to " + (exchange.isEmpty() ? "amq.default" : exchange) + " as dead letters";
  }

  private static String messages(long count) {
    return number(count) + (count == 1 ? " message" : " messages");
  }

  private static String number(long value) {
    return LimitFindings.number(value);
  }
}
