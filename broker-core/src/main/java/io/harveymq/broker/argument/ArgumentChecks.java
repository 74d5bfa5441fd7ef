package io.harveymq.broker.argument;

import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.ReplyCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The checks of the arguments of one method, in RabbitMQ's order, because the first failure is the
 * one that is reported. Immutable once built; any thread.
 */
public final class ArgumentChecks {
  private final Map<String, ArgumentCheck> byName = new LinkedHashMap<>();

  /** Appends a check; only while the checks are being built. */
  public ArgumentChecks with(String name, ArgumentCheck check) {
    byName.put(name, check);
    return this;
  }

  /**
   * Runs those checks whose argument is among {@code known} and present.
   *
   * @param resource as {@link io.harveymq.broker.vhost.ResourceName} gives it
   * @throws ChannelException 406 for the first that fails
   */
  public void run(String resource, FieldTable arguments, Set<String> known) {
    for (Map.Entry<String, ArgumentCheck> entry : byName.entrySet()) {
      if (known.contains(entry.getKey())) {
        run(entry.getKey(), entry.getValue(), resource, arguments);
      }
    }
  }

  private static void run(String name, ArgumentCheck check, String resource, FieldTable arguments) {
    FieldValue value = arguments.get(name);
    String error = value == null ? null : check.error(value, arguments);
    if (error != null) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "invalid arg '" + name + "' for " + resource + ": " + error);
    }
  }
}
