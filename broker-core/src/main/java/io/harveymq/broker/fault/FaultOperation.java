package io.harveymq.broker.fault;

import java.util.Arrays;
import java.util.Locale;

/** A command of a client that a fault may strike at. Immutable; any thread. */
public enum FaultOperation {
  PUBLISH,
  CONSUME,
  GET;

  /** Its name in AMQP, such as {@code basic.publish}. */
  @Override
  public String toString() {
    return "basic." + name().toLowerCase(Locale.ROOT);
  }

  /** The operation with that name; null when there is none. */
  public static FaultOperation of(String name) {
    return Arrays.stream(values())
        .filter(one -> one.toString().equals(name))
        .findFirst()
        .orElse(null);
  }
}
