package io.harveymq.broker.queue;

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
  public static final QueueSettings NONE = of(QueueArguments.NONE);

  /** What the arguments alone make of a queue. */
  public static QueueSettings of(QueueArguments arguments) {
    return new QueueSettings(
        arguments.messageTtl(),
        arguments.expires(),
        arguments.maxLength(),
        arguments.maxLengthBytes(),
        arguments.overflow() == null ? OverflowBehaviour.DROP_HEAD : arguments.overflow(),
        arguments.deadLetterExchange(),
        arguments.deadLetterRoutingKey());
  }

  /** Whether there is anything that the queue has to watch. */
  boolean limits() {
    return messageTtl != null || expires != null || maxLength != null || maxLengthBytes != null;
  }
}
