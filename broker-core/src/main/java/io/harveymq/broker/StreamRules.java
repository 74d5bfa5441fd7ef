package io.harveymq.broker;

/**
 * What versions of RabbitMQ do otherwise with streams. Immutable; any thread.
 *
 * @param filters whether consumers can filter, and declarations say how large filters are: from
 *     3.13 on
 * @param refusesNegativeAcks whether basic.nack and basic.reject are answered with 540; from 3.13
 *     on they give credit as basic.ack does (RabbitMQ's pull request 9644)
 * @param prefetchMissing the text for a consumer without a limit of deliveries, with a place for
 *     the queue
 * @param noAckRefused the text for a consumer without acknowledgements, with a place for the queue
 */
public record StreamRules(
    boolean filters, boolean refusesNegativeAcks, String prefetchMissing, String noAckRefused) {

  /** The rules of a release, such as 402 for 4.2. */
  static StreamRules of(int release) {
    boolean before40 = release < 400;
    return new StreamRules(
        release >= 313,
        release < 313,
        before40
            ? "consumer prefetch count is not set for '%s'"
            : "consumer prefetch count is not set for stream %s",
        before40
            ? "automatic acknowledgement not supported by stream queues %s"
            : "automatic acknowledgement not supported by stream %s");
  }
}
