package io.harveymq.management.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.FlowInfo;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Figures;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;

/**
 * Figures as RabbitMQ's {@code message_stats} and the like: each count with its {@code _details}.
 * Any thread.
 */
public final class StatsJson {
  /** What has to do with delivering, in RabbitMQ's lists. */
  private static final List<Counter> DELIVERIES =
      List.of(
          Counter.ACK,
          Counter.DELIVER,
          Counter.DELIVER_NO_ACK,
          Counter.GET,
          Counter.GET_EMPTY,
          Counter.GET_NO_ACK,
          Counter.REDELIVER);

  private static final List<Counter> DELIVER_GET =
      List.of(Counter.DELIVER, Counter.DELIVER_NO_ACK, Counter.GET, Counter.GET_NO_ACK);

  /** What RabbitMQ does not tell of a queue: why it grows or loses although nobody asked for it. */
  private static final List<Counter> OWN =
      List.of(
          Counter.DEAD_LETTER_IN,
          Counter.DEAD_LETTERED_EXPIRED,
          Counter.DEAD_LETTERED_REJECTED,
          Counter.DEAD_LETTERED_MAXLEN,
          Counter.DEAD_LETTERED_DELIVERY_LIMIT,
          Counter.DROPPED_MAXLEN,
          Counter.REJECTED_MAXLEN);

  private static final List<Counter> PUBLISHES =
      List.of(Counter.PUBLISH, Counter.CONFIRM, Counter.RETURN_UNROUTABLE, Counter.DROP_UNROUTABLE);

  private final Lookback messages;
  private final Lookback lengths;
  private final Lookback octets;

  /**
   * What samples to give with the rates.
   *
   * @param age seconds to look back, 0 for no samples
   * @param step seconds between two
   */
  public record Lookback(long age, long step) {
    /** A day, the longest that RabbitMQ's page asks for. */
    private static final long LONGEST = 86_400;

    private static final long MOST_SAMPLES = 1_000;

    /** No samples. */
    public static final Lookback NONE = new Lookback(0, 1);

    /** Reads {@code msg_rates_age} and {@code msg_rates_incr} or their like of a query. */
    public static Lookback of(String prefix, Function<String, String> query) {
      try {
        String age = query.apply(prefix + "_age");
        String step = query.apply(prefix + "_incr");
        if (age == null || step == null) {
          return NONE;
        }
        long seconds = Math.max(0, Math.min(LONGEST, Long.parseLong(age)));
        long least = Math.max(1, seconds / MOST_SAMPLES);
        return new Lookback(seconds, Math.max(least, Math.min(LONGEST, Long.parseLong(step))));
      } catch (NumberFormatException none) {
        return NONE;
      }
    }
  }

  /**
   * What a number was.
   *
   * @param now the time that it is told of, in milliseconds since the epoch
   * @param since when it is known, in milliseconds since the epoch
   * @param at gives it at a time before
   */
  public record Past(long now, long since, LongUnaryOperator at) {}

  private StatsJson(Lookback messages, Lookback lengths, Lookback octets) {
    this.messages = messages;
    this.lengths = lengths;
    this.octets = octets;
  }

  /** With the samples that a query asks for. */
  public static StatsJson of(Function<String, String> query) {
    return new StatsJson(
        Lookback.of("msg_rates", query),
        Lookback.of("lengths", query),
        Lookback.of("data_rates", query));
  }

  /** With the samples of a node that a query asks for. */
  public static StatsJson ofNode(Function<String, String> query) {
    return new StatsJson(Lookback.of("node_stats", query), Lookback.NONE, Lookback.NONE);
  }

  /** What went through a queue. */
  public ObjectNode ofQueue(Figures figures) {
    ObjectNode stats = Json.object();
    if (figures.count(Counter.PUBLISH) > 0) {
      put(stats, figures, Counter.PUBLISH, messages);
    }
    if (figures.any(DELIVERIES.toArray(Counter[]::new))) {
      deliveries(stats, figures);
    }
    for (Counter own : OWN) {
      if (figures.count(own) > 0) {
        put(stats, figures, own, messages);
      }
    }
    if (figures.count(Counter.ACK_TIME_MS) > 0) {
      put(stats, figures, Counter.ACK_TIME_MS, messages);
    }
    return stats;
  }

  /** The rate of a queue's {@code publish}; null where it has no such field. */
  public static Double publishRate(Figures figures) {
    return figures.count(Counter.PUBLISH) > 0 ? figures.rate(Counter.PUBLISH) : null;
  }

  /** The rate of all that comes into a queue: what is published and dead letters. */
  public static double inRate(Figures figures) {
    return figures.rate(Counter.PUBLISH) + figures.rate(Counter.DEAD_LETTER_IN);
  }

  /** The rate of a queue's {@code deliver_get}; null where it has no such field. */
  public static Double deliverGetRate(Figures figures) {
    return figures.any(DELIVERIES.toArray(Counter[]::new))
        ? DELIVER_GET.stream().mapToDouble(figures::rate).sum()
        : null;
  }

  /**
   * The rate of one of those that a queue has once it delivered; null where it has no such field.
   */
  public static Double rate(Figures figures, Counter ofDeliveries) {
    return figures.any(DELIVERIES.toArray(Counter[]::new)) ? figures.rate(ofDeliveries) : null;
  }

  /** What was published to an exchange. */
  public ObjectNode ofExchange(Figures figures) {
    ObjectNode stats = Json.object();
    if (figures.count(Counter.PUBLISH_IN) > 0) {
      put(stats, figures, Counter.PUBLISH_IN, messages);
      put(stats, figures, Counter.PUBLISH_OUT, messages);
    }
    // RabbitMQ tells these of channels only; of an exchange they say where messages are lost.
    for (Counter lost : List.of(Counter.DROP_UNROUTABLE, Counter.RETURN_UNROUTABLE)) {
      if (figures.count(lost) > 0) {
        put(stats, figures, lost, messages);
      }
    }
    return stats;
  }

  /** What went through channels: one, or those of a virtual host or the node. */
  public ObjectNode ofChannels(Figures figures) {
    ObjectNode stats = Json.object();
    if (figures.any(PUBLISHES.toArray(Counter[]::new))) {
      PUBLISHES.forEach(counter -> put(stats, figures, counter, messages));
    }
    if (figures.any(DELIVERIES.toArray(Counter[]::new))) {
      deliveries(stats, figures);
    }
    return stats;
  }

  /** What went from one object to another. */
  ObjectNode ofFlow(FlowInfo flow) {
    ObjectNode stats = Json.object();
    switch (flow.kind()) {
      case ROUTED -> put(stats, flow.figures(), Counter.PUBLISH, messages);
      case PUBLISHED -> PUBLISHES.forEach(counter -> put(stats, flow.figures(), counter, messages));
      case DELIVERED -> deliveries(stats, flow.figures());
    }
    return stats;
  }

  private void deliveries(ObjectNode stats, Figures figures) {
    DELIVERIES.forEach(counter -> put(stats, figures, counter, messages));
    sum(stats, "deliver_get", figures, DELIVER_GET, messages);
  }

  /** The messages of a queue, of a virtual host or of all, with the rates they grow at. */
  public void putLengths(ObjectNode into, Figures figures) {
    sum(
        into,
        "messages",
        figures,
        List.of(Counter.MESSAGES_READY, Counter.MESSAGES_UNACKNOWLEDGED),
        lengths);
    put(into, figures, Counter.MESSAGES_READY, lengths);
    put(into, figures, Counter.MESSAGES_UNACKNOWLEDGED, lengths);
  }

  /** What the bytes of a queue's messages were, where samples are asked for; RabbitMQ has none. */
  public void putByteSamples(ObjectNode into, Figures figures) {
    if (lengths.age > 0) {
      put(into, figures, Counter.MESSAGE_BYTES, lengths);
    }
  }

  /** Bytes from and to clients. */
  public void putOctets(ObjectNode into, Figures figures) {
    put(into, figures, Counter.RECV_OCT, octets);
    put(into, figures, Counter.SEND_OCT, octets);
  }

  /** Some counter with its rate, and samples where those of messages are asked for. */
  public void put(ObjectNode into, Figures figures, Counter counter) {
    put(into, figures, counter, messages);
  }

  private static void put(ObjectNode into, Figures figures, Counter counter, Lookback lookback) {
    sum(into, counter.name().toLowerCase(Locale.ROOT), figures, List.of(counter), lookback);
  }

  private static void sum(
      ObjectNode into, String name, Figures figures, List<Counter> counters, Lookback lookback) {
    long count = 0;
    double rate = 0;
    for (Counter counter : counters) {
      count += figures.count(counter);
      rate += figures.rate(counter);
    }
    into.put(name, count);
    LongUnaryOperator past =
        time -> {
          long then = 0;
          for (Counter counter : counters) {
            then += figures.at(counter, time);
          }
          return then;
        };
    details(into, name, rate, lookback, new Past(figures.time(), figures.knownFrom(), past));
  }

  /**
   * A number of the node with its rate, and samples where they are asked for.
   *
   * @param rate how much more a second
   */
  public void put(ObjectNode into, String name, long value, double rate, Past past) {
    into.put(name, value);
    details(into, name, rate, messages, past);
  }

  private static void details(
      ObjectNode into, String name, double rate, Lookback lookback, Past past) {
    ObjectNode details = into.putObject(name + "_details");
    details.put("rate", rate);
    if (lookback.age > 0) {
      samples(details, lookback, past);
    }
  }

  private static void samples(ObjectNode details, Lookback lookback, Past past) {
    ArrayNode samples = details.putArray("samples");
    long newest = past.now - past.now % (lookback.step * 1_000);
    long oldest = newest - lookback.age * 1_000;
    long total = 0;
    long first = 0;
    long last = 0;
    int count = 0;
    for (long time = newest; time >= oldest; time -= lookback.step * 1_000) {
      long value = past.at.applyAsLong(time);
      samples.addObject().put("sample", value).put("timestamp", time);
      last = count == 0 ? value : last;
      first = value;
      total += value;
      count++;
    }
    details.put("samples_since", past.since);
    details.put("avg_rate", count < 2 ? 0 : (last - first) * 1.0 / ((count - 1) * lookback.step));
    details.put("avg", count == 0 ? 0 : total * 1.0 / count);
  }
}
