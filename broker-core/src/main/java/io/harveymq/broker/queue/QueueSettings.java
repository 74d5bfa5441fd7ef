package io.harveymq.broker.queue;

import io.harveymq.broker.policy.EffectivePolicy;

/**
 * How a queue behaves by its arguments and by policies together. Immutable; any thread.
 *
 * @param messageTtl milliseconds after which a message goes, at least 0; null for never
 * @param expires milliseconds without use after which the queue goes, at least 1; null for never
 * @param maxLength the most ready messages, or null
 * @param maxLengthBytes the most bytes of bodies of ready messages, or null
 * @param overflow what gives way when there are more
 * @param deadLetterExchange where messages go that are dropped; null for nowhere, "" is the default
 *     exchange
 * @param deadLetterRoutingKey null to keep the message's own
 */
public record QueueSettings(
    Long messageTtl,
    Long expires,
    Long maxLength,
    Long maxLengthBytes,
    OverflowBehaviour overflow,
    String deadLetterExchange,
    String deadLetterRoutingKey) {

  /** Of a queue without arguments and policies. */
  public static final QueueSettings NONE = of(QueueArguments.NONE, EffectivePolicy.NONE);

  /**
   * What arguments and policies make of a queue: of two limits the lower one counts, of anything
   * else the argument (rabbit_amqqueue_process:process_args_policy).
   */
  public static QueueSettings of(QueueArguments arguments, EffectivePolicy policy) {
    OverflowBehaviour overflow = arguments.overflow();
    if (overflow == null) {
      overflow = OverflowBehaviour.of(policy.text("overflow"));
    }
    return new QueueSettings(
        least(arguments.messageTtl(), policy.number("message-ttl")),
        least(arguments.expires(), policy.number("expires")),
        least(arguments.maxLength(), policy.number("max-length")),
        least(arguments.maxLengthBytes(), policy.number("max-length-bytes")),
        overflow == null ? OverflowBehaviour.DROP_HEAD : overflow,
        first(arguments.deadLetterExchange(), policy.text("dead-letter-exchange")),
        first(arguments.deadLetterRoutingKey(), policy.text("dead-letter-routing-key")));
  }

  private static Long least(Long argument, Long policy) {
    if (argument == null || policy == null) {
      return argument == null ? policy : argument;
    }
    return Math.min(argument, policy);
  }

  private static String first(String argument, String policy) {
    return argument == null ? policy : argument;
  }

  /** Whether there is anything that the queue has to watch. */
  boolean limits() {
    return messageTtl != null || expires != null || maxLength != null || maxLengthBytes != null;
  }
}
