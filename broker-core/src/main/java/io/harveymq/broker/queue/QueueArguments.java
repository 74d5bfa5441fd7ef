package io.harveymq.broker.queue;

import io.harveymq.broker.Compatibility;
import io.harveymq.broker.argument.Equivalence;
import io.harveymq.broker.argument.ErlangTerm;
import io.harveymq.broker.vhost.ResourceName;
import io.harveymq.codec.ChannelException;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;

/**
 * The x-arguments of a queue, validated and parsed once. Policies are not in here. Immutable; any
 * thread.
 */
public final class QueueArguments {
  /** Of a queue declared without arguments. */
  public static final QueueArguments NONE =
      new QueueArguments(FieldTable.EMPTY, QueueType.CLASSIC, Compatibility.V4_2);

  private final FieldTable table;
  private final QueueType queueType;
  private final Compatibility version;
  private final Long expires;
  private final Long messageTtl;
  private final Long maxLength;
  private final Long maxLengthBytes;
  private final Integer maxPriority;
  private final OverflowBehaviour overflow;
  private final String deadLetterExchange;
  private final String deadLetterRoutingKey;
  private final String deadLetterStrategy;
  private final Long deliveryLimit;
  private final Long consumerTimeout;
  private final boolean singleActiveConsumer;
  private final String delayedRetryType;
  private final Long delayedRetryMin;
  private final Long delayedRetryMax;

  private QueueArguments(FieldTable table, QueueType queueType, Compatibility version) {
    this.table = table;
    this.queueType = queueType;
    this.version = version;
    expires = longOrNull("x-expires");
    messageTtl = longOrNull("x-message-ttl");
    maxLength = longOrNull("x-max-length");
    maxLengthBytes = longOrNull("x-max-length-bytes");
    Long priority = longOrNull("x-max-priority");
    maxPriority = priority == null ? null : priority.intValue();
    overflow = OverflowBehaviour.of(stringOrNull("x-overflow"));
    deadLetterExchange = stringOrNull("x-dead-letter-exchange");
    deadLetterRoutingKey = stringOrNull("x-dead-letter-routing-key");
    deadLetterStrategy = stringOrNull("x-dead-letter-strategy");
    deliveryLimit = uncheckedLongOrNull("x-delivery-limit");
    consumerTimeout = uncheckedLongOrNull("x-consumer-timeout");
    singleActiveConsumer =
        table.get("x-single-active-consumer") instanceof FieldValue.Bool bool && bool.value();
    delayedRetryType = stringOrNull("x-delayed-retry-type");
    delayedRetryMin = uncheckedLongOrNull("x-delayed-retry-min");
    delayedRetryMax = uncheckedLongOrNull("x-delayed-retry-max");
  }

  /**
   * Parses the arguments of a queue that is about to be created. A second declaration must not come
   * here, but to {@link #compare}: RabbitMQ does not validate what it only compares.
   *
   * @return {@link #NONE} for an empty table
   * @throws ChannelException 406 with RabbitMQ's text for the first argument that it refuses
   */
  public static QueueArguments parse(
      String queueName, String vhost, FieldTable arguments, Compatibility version) {
    if (arguments.isEmpty()) {
      return NONE;
    }
    String resource = ResourceName.queue(vhost, queueName);
    return new QueueArguments(
        arguments, QueueArgumentRules.check(resource, arguments, version), version);
  }

  /**
   * The arguments of a queue that was found in the store: an earlier start, perhaps with another
   * version, has validated them.
   *
   * @return {@link #NONE} for an empty table
   */
  public static QueueArguments recovered(FieldTable arguments, Compatibility version) {
    return arguments.isEmpty()
        ? NONE
        : new QueueArguments(arguments, QueueArgumentRules.type(arguments), version);
  }

  /** The arguments as they were declared, for listings; those that mean nothing included. */
  public FieldTable table() {
    return table;
  }

  public QueueType queueType() {
    return queueType;
  }

  /** Milliseconds without use after which the queue goes, at least 1; null for never. */
  public Long expires() {
    return expires;
  }

  /** Milliseconds after which a message goes, at least 0; null for never. */
  public Long messageTtl() {
    return messageTtl;
  }

  /** The most ready messages, or null. */
  public Long maxLength() {
    return maxLength;
  }

  /** The most bytes of bodies of ready messages, or null. */
  public Long maxLengthBytes() {
    return maxLengthBytes;
  }

  /** From 0 to 255, or null for a queue without priorities. */
  public Integer maxPriority() {
    return maxPriority;
  }

  /** Null when not given; RabbitMQ then drops from the head. */
  public OverflowBehaviour overflow() {
    return overflow;
  }

  /** Null for none; "" is the default exchange. */
  public String deadLetterExchange() {
    return deadLetterExchange;
  }

  /** Null to keep the message's own; never set without a dead letter exchange. */
  public String deadLetterRoutingKey() {
    return deadLetterRoutingKey;
  }

  /** "at-most-once", "at-least-once" or null. */
  public String deadLetterStrategy() {
    return deadLetterStrategy;
  }

  /** How often deliveries of a message may fail; null when not given, negative for no limit. */
  public Long deliveryLimit() {
    return deliveryLimit;
  }

  /**
   * Milliseconds within which a delivery has to be acknowledged; null when not given. Versions
   * before 4.3 do not check it, so that it may be negative.
   */
  public Long consumerTimeout() {
    return consumerTimeout;
  }

  public boolean singleActiveConsumer() {
    return singleActiveConsumer;
  }

  /**
   * Which messages that come back have to wait, see {@link DelayedRetry}; null when not given.
   * Versions before 4.3 do not check it.
   */
  public String delayedRetryType() {
    return delayedRetryType;
  }

  /** Milliseconds that they wait for each failure; null when not given, unchecked before 4.3. */
  public Long delayedRetryMin() {
    return delayedRetryMin;
  }

  /** Milliseconds that they wait at most; null when not given, unchecked before 4.3. */
  public Long delayedRetryMax() {
    return delayedRetryMax;
  }

  /**
   * Compares the arguments of a second declaration, as received: only those that this queue's type
   * knows, in RabbitMQ's order.
   *
   * @param into gets the differences
   */
  public void compare(FieldTable received, Equivalence into) {
    if (table.isEmpty() && received.isEmpty()) {
      return;
    }
    for (String name : QueueArgumentRules.known(queueType, version)) {
      into.argument(name, table, received);
    }
  }

  private Long longOrNull(String name) {
    FieldValue value = table.get(name);
    return value == null ? null : Long.valueOf(value.asLong());
  }

  /** Of an argument whose type RabbitMQ does not check. */
  private Long uncheckedLongOrNull(String name) {
    FieldValue value = table.get(name);
    return value != null && value.isInteger() ? Long.valueOf(value.asLong()) : null;
  }

  private String stringOrNull(String name) {
    return ErlangTerm.stringOrNull(table.get(name));
  }

  @Override
  public String toString() {
    return table.toString();
  }
}
