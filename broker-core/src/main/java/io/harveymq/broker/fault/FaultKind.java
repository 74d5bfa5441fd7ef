package io.harveymq.broker.fault;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a fault does to clients. Immutable; any thread. */
public enum FaultKind {
  /** Publishes on channels in confirm mode are refused with basic.nack, and go nowhere. */
  NACK(EnumSet.of(Part.EXCHANGE, Part.QUEUE, Part.USER, Part.COUNT)),
  /** Messages are routed, and their confirms come later, or when the fault ends. */
  WITHHOLD_CONFIRMS(EnumSet.of(Part.EXCHANGE, Part.QUEUE, Part.USER, Part.COUNT, Part.DELAY)),
  /** Queues give their consumers nothing. */
  HOLD_DELIVERIES(EnumSet.of(Part.QUEUE)),
  /** A command of a client closes its channel. */
  CLOSE_CHANNEL(EnumSet.complementOf(EnumSet.of(Part.DELAY))),
  /** Connections are closed: those that there are, or that whose command it is. */
  CLOSE_CONNECTION(EnumSet.complementOf(EnumSet.of(Part.DELAY))),
  /** The same without AMQP's close: their sockets are reset. */
  CUT(EnumSet.complementOf(EnumSet.of(Part.DELAY, Part.CODE))),
  /** The virtual host can't be opened. */
  REFUSE_CONNECTIONS(EnumSet.of(Part.USER, Part.COUNT)),
  /** Who publishes is blocked as by an alarm. */
  BLOCK(EnumSet.noneOf(Part.class));

  /** What can be said of a fault besides. */
  enum Part {
    EXCHANGE,
    QUEUE,
    USER,
    OPERATION,
    COUNT,
    DELAY,
    CODE
  }

  private final Set<Part> parts;

  FaultKind(Set<Part> parts) {
    this.parts = parts;
  }

  boolean takes(Part part) {
    return parts.contains(part);
  }

  int bit() {
    return 1 << ordinal();
  }

  /** Its name in the HTTP API, such as {@code close-channel}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What clients are told by a fault of this kind, and the log. */
  public String text(long id) {
    return "injected fault " + id + " (" + this + ")";
  }

  /** The kind of a name as {@link #toString} gives it; null when there is none. */
  public static FaultKind of(String name) {
    return Arrays.stream(values())
        .filter(kind -> kind.toString().equals(name))
        .findFirst()
        .orElse(null);
  }
}
