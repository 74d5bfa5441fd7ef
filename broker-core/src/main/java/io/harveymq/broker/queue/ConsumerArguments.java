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
  public static final ConsumerArguments NONE =
      new ConsumerArguments(FieldTable.EMPTY, 0, StreamOffset.NEXT);

  private static final String PRIORITY = "x-priority";
  private static final String CANCEL_ON_HA_FAILOVER = "x-cancel-on-ha-failover";
  private static final String STREAM_OFFSET = "x-stream-offset";
  private static final Set<String> OF_STREAMS = Set.of(STREAM_OFFSET);
  private static final Set<String> OF_QUORUM = Set.of(PRIORITY);
  private static final Set<String> OF_CLASSIC = Set.of(PRIORITY, CANCEL_ON_HA_FAILOVER);
  private static final ArgumentChecks CHECKS =
      new ArgumentChecks()
          .with(PRIORITY, ArgumentCheck::integer)
          .with(CANCEL_ON_HA_FAILOVER, ArgumentCheck::bool)
          .with(STREAM_OFFSET, StreamOffset::error);

  private final FieldTable table;
  private final int priority;
  private final StreamOffset streamOffset;

  private ConsumerArguments(FieldTable table, int priority, StreamOffset streamOffset) {
    this.table = table;
    this.priority = priority;
    this.streamOffset = streamOffset;
  }

  /**
   * Unknown arguments are kept and mean nothing; those that only other types of queues know are
   * refused.
   *
   * @return {@link #NONE} for an empty table
   * @throws ChannelException 406 with RabbitMQ's text for the first argument that it refuses
   */
  public static ConsumerArguments parse(
      String queueName, String vhost, QueueType type, FieldTable arguments) {
    if (arguments.isEmpty()) {
      return NONE;
    }
    String resource = ResourceName.queue(vhost, queueName);
    Set<String> known = known(type);
    CHECKS.run(resource, arguments, known);
    arguments.forEach((name, value) -> checkName(name, known, resource, type));
    if (type == QueueType.STREAM) {
      return new ConsumerArguments(arguments, 0, StreamOffset.of(arguments.get(STREAM_OFFSET)));
    }
    FieldValue priority = arguments.get(PRIORITY);
    return new ConsumerArguments(
        arguments, priority == null ? 0 : clamp(priority.asLong()), StreamOffset.NEXT);
  }

  private static Set<String> known(QueueType type) {
    return switch (type) {
      case STREAM -> OF_STREAMS;
      case QUORUM -> OF_QUORUM;
      case CLASSIC -> OF_CLASSIC;
    };
  }

  private static void checkName(String name, Set<String> known, String resource, QueueType type) {
    boolean ofOthers = OF_CLASSIC.contains(name) || OF_STREAMS.contains(name);
    if (ofOthers && !known.contains(name)) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "invalid arg '%s' for %s of queue type %s".formatted(name, resource, type.moduleName()));
    }
  }

  /** The arguments as they were given, for listings. */
  public FieldTable table() {
    return table;
  }

  /** The higher the sooner served; 0 unless given. What no int holds is the nearest int. */
  public int priority() {
    return priority;
  }

  /** Where to begin to read a stream: at what comes next unless it says so. */
  StreamOffset streamOffset() {
    return streamOffset;
  }

  private static int clamp(long priority) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, priority));
  }
}
