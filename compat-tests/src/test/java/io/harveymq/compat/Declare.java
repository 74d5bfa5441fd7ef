package io.harveymq.compat;

import java.util.Map;

/** Arguments of the declare methods, for a raw connection. Any thread. */
final class Declare {
  private Declare() {}

  /** A queue without any flag or argument. */
  static WireWriter queue(String name) {
    return queue(name, false, Map.of());
  }

  /** A queue that may be exclusive. */
  static WireWriter queue(String name, boolean exclusive, Map<String, ?> arguments) {
    return new WireWriter()
        .u16(0)
        .shortstr(name)
        .bits(false, false, exclusive, false, false)
        .table(arguments);
  }
}
