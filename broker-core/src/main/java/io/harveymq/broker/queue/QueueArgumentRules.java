package io.harveymq.broker.queue;

import static java.util.Map.entry;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.ConsumerTimeoutScope;
import io.harveymq.broker.argument.ArgumentCheck;
import io.harveymq.broker.argument.ArgumentChecks;
import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.codec.ReplyCode;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which arguments of queue.declare each queue type has, in the order in which a second declaration
 * is compared, and which values are valid, in the order in which RabbitMQ checks them. Immutable;
 * any thread.
 */
final class QueueArgumentRules {
  private static final Pattern MAX_AGE = Pattern.compile("0*[1-9][0-9]*[YMDhms]");

  private static final ArgumentChecks TYPE_CHECK =
      new ArgumentChecks()
          .with(
              "x-queue-type",
              ArgumentCheck.supported("queue type", List.of("classic", "quorum", "stream")));

  private static final ArgumentChecks CHECKS =
      new ArgumentChecks()
          .with("x-expires", ArgumentCheck::expires)
          .with("x-message-ttl", ArgumentCheck::timeToLive)
          .with("x-dead-letter-exchange", ArgumentCheck::string)
          .with("x-dead-letter-routing-key", QueueArgumentRules::deadLetterRoutingKey)
          .with(
              "x-dead-letter-strategy",
              ArgumentCheck.oneOf("invalid_dlx_strategy", List.of("at-most-once", "at-least-once")))
          .with("x-max-length", ArgumentCheck::nonNegativeInteger)
          .with("x-max-length-bytes", ArgumentCheck::nonNegativeInteger)
          .with("x-max-in-memory-length", ArgumentCheck::nonNegativeInteger)
          .with("x-max-in-memory-bytes", ArgumentCheck::nonNegativeInteger)
          .with("x-max-priority", QueueArgumentRules::maxPriority)
          .with(
              "x-overflow",
              ArgumentCheck.oneOf(
                  "invalid_overflow", List.of("drop-head", "reject-publish", "reject-publish-dlx")))
          .with("x-queue-mode", ArgumentCheck.supported("queue mode", List.of("default", "lazy")))
          .with("x-queue-version", QueueArgumentRules::queueVersion)
          .with("x-single-active-consumer", ArgumentCheck::bool)
          .with("x-quorum-initial-group-size", ArgumentCheck::positiveInteger)
          .with("x-max-age", QueueArgumentRules::maxAge)
          .with("x-stream-max-segment-size-bytes", ArgumentCheck::nonNegativeInteger)
          .with("x-initial-cluster-size", ArgumentCheck::positiveInteger)
          .with(
              "x-queue-leader-locator",
              ArgumentCheck.oneOf(
                  "invalid_queue_locator_arg",
                  List.of("client-local", "balanced", "random", "least-leaders")))
          .with("x-consumer-timeout", ArgumentCheck::nonNegativeInteger)
          .with(
              "x-delayed-retry-type",
              ArgumentCheck.oneOf("invalid_delayed_retry_type", DelayedRetry.TYPES))
          .with("x-delayed-retry-min", ArgumentCheck::nonNegativeInteger)
          .with("x-delayed-retry-max", ArgumentCheck::nonNegativeInteger);

  /** RabbitMQ 3.10 refuses x-queue-leader-locator for classic queues; later versions take it. */
  private static final Map<QueueType, Set<String>> KNOWN =
      Map.ofEntries(
          entry(
              QueueType.CLASSIC,
              ordered(
                  "x-expires",
                  "x-message-ttl",
                  "x-dead-letter-exchange",
                  "x-dead-letter-routing-key",
                  "x-max-length",
                  "x-max-length-bytes",
                  "x-max-priority",
                  "x-overflow",
                  "x-queue-mode",
                  "x-queue-version",
                  "x-single-active-consumer",
                  "x-queue-type",
                  "x-queue-master-locator",
                  "x-queue-leader-locator")),
          entry(
              QueueType.QUORUM,
              ordered(
                  "x-dead-letter-exchange",
                  "x-dead-letter-routing-key",
                  "x-dead-letter-strategy",
                  "x-expires",
                  "x-max-length",
                  "x-max-length-bytes",
                  "x-max-in-memory-length",
                  "x-max-in-memory-bytes",
                  "x-overflow",
                  "x-single-active-consumer",
                  "x-queue-type",
                  "x-quorum-initial-group-size",
                  "x-delivery-limit",
                  "x-message-ttl",
                  "x-queue-leader-locator")),
          entry(
              QueueType.STREAM,
              ordered(
                  "x-max-length-bytes",
                  "x-queue-type",
                  "x-max-age",
                  "x-stream-max-segment-size-bytes",
                  "x-initial-cluster-size",
                  "x-queue-leader-locator")));

  /** Arguments of quorum queues from 4.3 on; before, nobody checks them. */
  private static final Set<String> KNOWN_TO_QUORUM_SINCE_4_3 =
      with(
          KNOWN.get(QueueType.QUORUM),
          "x-consumer-timeout",
          "x-delayed-retry-type",
          "x-delayed-retry-min",
          "x-delayed-retry-max");

  private QueueArgumentRules() {}

  /** The arguments that mean something for a queue type, in the order of comparison. */
  static Set<String> known(QueueType type, Compatibility version) {
    return type == QueueType.QUORUM
            && version.consumerTimeoutScope() == ConsumerTimeoutScope.QUORUM_QUEUE
        ? KNOWN_TO_QUORUM_SINCE_4_3
        : KNOWN.get(type);
  }

  /**
   * Checks everything that does not depend on the queue's other properties.
   *
   * @param resource as {@link io.harveymq.broker.vhost.ResourceName} gives it
   * @return the queue type
   * @throws ChannelException 406 for the first rule that is broken
   */
  static QueueType check(String resource, FieldTable arguments, Compatibility version) {
    checkDeadLetterExchange(resource, arguments);
    TYPE_CHECK.run(resource, arguments, Set.of("x-queue-type"));
    QueueType type = type(arguments);
    CHECKS.run(resource, arguments, known(type, version));
    arguments.forEach((name, value) -> checkName(name, resource, type, version));
    return type;
  }

  /** The type that valid arguments ask for. */
  static QueueType type(FieldTable arguments) {
    FieldValue typeName = arguments.get("x-queue-type");
    return typeName == null ? QueueType.CLASSIC : QueueType.of(ErlangTerm.stringOrNull(typeName));
  }

  /** RabbitMQ reads this one before all others, for the permissions on that exchange. */
  private static void checkDeadLetterExchange(String resource, FieldTable arguments) {
    FieldValue exchange = arguments.get("x-dead-letter-exchange");
    if (exchange != null && ErlangTerm.stringOrNull(exchange) == null) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "invalid type '%s' for arg 'x-dead-letter-exchange' in %s"
              .formatted(exchange.typeName(), resource));
    }
  }

  /**
   * An argument that no queue type has is nobody's business; one that only others have is refused.
   */
  private static void checkName(
      String name, String resource, QueueType type, Compatibility version) {
    if (!known(type, version).contains(name) && isKnownToAny(name, version)) {
      throw new ChannelException(
          ReplyCode.PRECONDITION_FAILED,
          "invalid arg '%s' for %s of queue type %s".formatted(name, resource, type.moduleName()));
    }
  }

  private static boolean isKnownToAny(String name, Compatibility version) {
    return KNOWN.keySet().stream().anyMatch(type -> known(type, version).contains(name));
  }

  private static String deadLetterRoutingKey(FieldValue value, FieldTable all) {
    String error = ArgumentCheck.string(value, all);
    return error == null && !all.containsKey("x-dead-letter-exchange")
        ? "routing_key_but_no_dlx_defined"
        : error;
  }

  private static String maxPriority(FieldValue value, FieldTable all) {
    String error = ArgumentCheck.nonNegativeInteger(value, all);
    return error == null && value.asLong() > 255
        ? ArgumentCheck.tuple("max_value_exceeded", value)
        : error;
  }

  private static String queueVersion(FieldValue value, FieldTable all) {
    String error = ArgumentCheck.nonNegativeInteger(value, all);
    if (error != null) {
      return error;
    }
    long version = value.asLong();
    return version == 1 || version == 2
        ? null
        : ErlangTerm.quoted("unsupported queue version '" + version + "'");
  }

  /** RabbitMQ 3.10.8 fails with 541 where no number comes first; here that is just invalid. */
  private static String maxAge(FieldValue value, FieldTable all) {
    String error = ArgumentCheck.string(value, all);
    return error == null && !MAX_AGE.matcher(ErlangTerm.stringOrNull(value)).matches()
        ? "invalid_max_age"
        : error;
  }

  private static Set<String> with(Set<String> names, String... others) {
    Set<String> all = new LinkedHashSet<>(names);
    all.addAll(List.of(others));
    return Collections.unmodifiableSet(all);
  }

  private static Set<String> ordered(String... names) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(names)));
  }
}
