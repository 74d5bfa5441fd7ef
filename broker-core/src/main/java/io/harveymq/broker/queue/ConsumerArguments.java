package io.harveymq.broker.queue;

import io.harveymq.broker.argument.ArgumentCheck;
import io.harveymq.broker.argument.ArgumentChecks;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.ReplyCode;
import java.util.Set;

/** The arguments of basic.consume, validated and parsed once. Immutable; any thread. */
public final class ConsumerArguments {
  /** Of a consumer without arguments. */
  public static final ConsumerArguments NONE = new ConsumerArguments(FieldTable.EMPTY, 0);

  private static final String PRIORITY = "x-priority";
  private static final String CANCEL_ON_HA_FAILOVER = "x-cancel-on-ha-failover";
  private static final String STREAM_OFFSET = "x-stream-offset";
  private static final Set<String> KNOWN = Set.of(PRIORITY, CANCEL_ON_HA_FAILOVER);
  private static final Set<String> KNOWN_TO_QUORUM = Set.of(PRIORITY);
  private static final Set<String> NOT_FOR_CLASSIC = Set.of(STREAM_OFFSET);
  private static final Set<String> NOT_FOR_QUORUM = Set.of(STREAM_OFFSET, CANCEL_ON_HA_FAILOVER);
  private static final ArgumentChecks CHECKS =
      new ArgumentChecks()
          .with(PRIORITY, ArgumentCheck::integer)
          .with(CANCEL_ON_HA_FAILOVER, ArgumentCheck::bool);

  private final FieldTable table;
  private final int priority;

  private ConsumerArguments(FieldTable table, int priority) {
    this.table = table;
    this.priority = priority;
  }

  /**
   * Unknown arguments are kept and mean nothing; those of other types of queues are refused.
   *
   * @return {@link #NONE} for an empty table
   * @throws ChannelException 406 with RabbitMQ's text for the first argument that it refuses
   */
  public static ConsumerArguments parse(
      QueueType type, String queueName, String vhost, FieldTable arguments) {
    if (arguments.isEmpty()) {
      return NONE;
    }
    boolean quorum = type == QueueType.QUORUM;
    String resource = ResourceName.queue(vhost, queueName);
    CHECKS.run(resource, arguments, quorum ? KNOWN_TO_QUORUM : KNOWN);
    for (FieldTable.Entry argument : arguments.entries()) {
      if ((quorum ? NOT_FOR_QUORUM : NOT_FOR_CLASSIC).contains(argument.key())) {
        throw new ChannelException(
            ReplyCode.PRECONDITION_FAILED,
            "invalid arg '%s' for %s of queue type %s"
                .formatted(argument.key(), resource, type.moduleName()));
      }
    }
    FieldValue priority = arguments.get(PRIORITY);
    return new ConsumerArguments(arguments, priority == null ? 0 : clamp(priority.asLong()));
  }

  /** The arguments as they were given, for listings. */
  public FieldTable table() {
    return table;
  }

  /** The higher the sooner served; 0 unless given. What no int holds is the nearest int. */
  public int priority() {
    return priority;
  }

  private static int clamp(long priority) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, priority));
  }
}
