package io.harveymq.broker.queue;

import io.harveymq.broker.Compatibility;
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
 * @param atLeastOnce whether dead letters stay in the queue until others have taken them
 * @param deliveryLimit how often deliveries of a message may fail; null for as often as one likes
 * @param consumerTimeout milliseconds within which a delivery has to be acknowledged; null when the
 *     queue does not say
 * @param countsAcquired whether redeliveries carry x-acquired-count
 * @param delayedRetry which messages that come back have to wait; null for none
 */
public record QueueSettings(
    Long messageTtl,
    Long expires,
    Long maxLength,
    Long maxLengthBytes,
    OverflowBehaviour overflow,
    String deadLetterExchange,
    String deadLetterRoutingKey,
    boolean atLeastOnce,
    Long deliveryLimit,
    Long consumerTimeout,
    boolean countsAcquired,
    DelayedRetry delayedRetry) {

  private static final String AT_LEAST_ONCE = "at-least-once";

  /** Of a queue without arguments and policies. */
  public static final QueueSettings NONE =
      of(QueueArguments.NONE, EffectivePolicy.NONE, Compatibility.V4_2);

  /**
   * What arguments and policies make of a queue: of two limits the lower one counts, of anything
   * else the argument (rabbit_amqqueue_process:process_args_policy). In a quorum queue the policy
   * comes first for what is no limit (rabbit_quorum_queue:ra_machine_config).
   *
   * @param version what a quorum queue does that does not say
   */
  public static QueueSettings of(
      QueueArguments arguments, EffectivePolicy policy, Compatibility version) {
    boolean quorum = arguments.queueType() == QueueType.QUORUM;
    OverflowBehaviour byPolicy = OverflowBehaviour.of(policy.text("overflow"));
    OverflowBehaviour overflow =
        quorum ? first(byPolicy, arguments.overflow()) : first(arguments.overflow(), byPolicy);
    Long expires = policy.number("expires");
    return new QueueSettings(
        least(arguments.messageTtl(), policy.number("message-ttl")),
        quorum ? first(expires, arguments.expires()) : least(arguments.expires(), expires),
        least(arguments.maxLength(), policy.number("max-length")),
        least(arguments.maxLengthBytes(), policy.number("max-length-bytes")),
        overflow == null || quorum && overflow == OverflowBehaviour.REJECT_PUBLISH_DLX
            ? OverflowBehaviour.DROP_HEAD
            : overflow,
        first(arguments.deadLetterExchange(), policy.text("dead-letter-exchange")),
        first(arguments.deadLetterRoutingKey(), policy.text("dead-letter-routing-key")),
        quorum && overflow == OverflowBehaviour.REJECT_PUBLISH && isAtLeastOnce(arguments, policy),
        quorum ? deliveryLimit(arguments, policy, version.defaultDeliveryLimit()) : null,
        least(arguments.consumerTimeout(), policy.number("consumer-timeout")),
        quorum && version.nackIsNoFailure(),
        quorum && version.quorum().delayedRetries() ? delayedRetry(arguments, policy) : null);
  }

  private static DelayedRetry delayedRetry(QueueArguments arguments, EffectivePolicy policy) {
    return DelayedRetry.of(
        first(arguments.delayedRetryType(), policy.text("delayed-retry-type")),
        first(arguments.delayedRetryMin(), policy.number("delayed-retry-min")),
        first(arguments.delayedRetryMax(), policy.number("delayed-retry-max")));
  }

  private static boolean isAtLeastOnce(QueueArguments arguments, EffectivePolicy policy) {
    String strategy = policy.text("dead-letter-strategy");
    return AT_LEAST_ONCE.equals(first(arguments.deadLetterStrategy(), strategy));
  }

  private static Long deliveryLimit(
      QueueArguments arguments, EffectivePolicy policy, Long otherwise) {
    Long limit = least(arguments.deliveryLimit(), policy.number("delivery-limit"));
    if (limit == null) {
      return otherwise;
    }
    return limit < 0 ? null : limit;
  }

  private static <T> T first(T one, T other) {
    return one == null ? other : one;
  }

  private static Long least(Long argument, Long policy) {
    if (argument == null || policy == null) {
      return argument == null ? policy : argument;
    }
    return Math.min(argument, policy);
  }

  /** Whether there is anything that the queue has to watch. */
  boolean limits() {
    return messageTtl != null || expires != null || maxLength != null || maxLengthBytes != null;
  }
}
