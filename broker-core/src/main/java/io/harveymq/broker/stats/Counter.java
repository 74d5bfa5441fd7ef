package io.harveymq.broker.stats;

/**
 * What is counted of queues, exchanges, channels, connections and virtual hosts. The names are
 * those of RabbitMQ's management API in upper case. No object has them all.
 */
public enum Counter {
  /** Messages published: by a channel, or into a queue. */
  PUBLISH,
  /** Messages published to an exchange. */
  PUBLISH_IN,
  /** Copies of messages that an exchange put into queues. */
  PUBLISH_OUT,
  /** Messages published on channels with confirms. */
  PUBLISH_CONFIRM,
  /** Publishes that a publisher was told are safe. */
  CONFIRM,
  /** Messages given back to their publisher, because there was no queue for them. */
  RETURN_UNROUTABLE,
  /** Messages dropped, because there was no queue for them. */
  DROP_UNROUTABLE,
  /** Messages delivered to consumers that acknowledge. */
  DELIVER,
  /** Messages delivered to consumers that don't. */
  DELIVER_NO_ACK,
  /** Messages fetched, to be acknowledged. */
  GET,
  /** Messages fetched without acknowledgement. */
  GET_NO_ACK,
  /** Attempts to fetch from an empty queue. */
  GET_EMPTY,
  /** Deliveries and fetches of messages that were delivered before; also counted there. */
  REDELIVER,
  /** Acknowledged deliveries. */
  ACK,
  /** Milliseconds from the delivery to the acknowledgement, of all acknowledged deliveries. */
  ACK_TIME_MS,
  /** Messages that wait; a level, not a count. */
  MESSAGES_READY,
  /** Messages delivered and not yet acknowledged; a level. */
  MESSAGES_UNACKNOWLEDGED,
  /** Bytes received from a client. */
  RECV_OCT,
  /** Bytes sent to a client. */
  SEND_OCT,
  /** Times that something was read from a client. */
  RECV_CNT,
  /** Times that something was written to a client. */
  SEND_CNT,
  CONNECTION_CREATED,
  CONNECTION_CLOSED,
  CHANNEL_CREATED,
  CHANNEL_CLOSED,
  QUEUE_DECLARED,
  QUEUE_CREATED,
  QUEUE_DELETED,
  /** Dead letters that came into a queue, which are not among the published ones. */
  DEAD_LETTER_IN,
  /** Messages of a queue that went on to its dead letter exchange for their time. */
  DEAD_LETTERED_EXPIRED,
  /** The same because a consumer refused them. */
  DEAD_LETTERED_REJECTED,
  /** The same because the queue was full. */
  DEAD_LETTERED_MAXLEN,
  /** The same because they were given back too often. */
  DEAD_LETTERED_DELIVERY_LIMIT,
  /** Messages that a queue let go because it was over its limits, wherever they went. */
  DROPPED_MAXLEN,
  /** Messages that a full queue did not take. */
  REJECTED_MAXLEN,
  /** Bytes of the bodies of all messages of a queue; a level. */
  MESSAGE_BYTES;

  private static final Counter[] ALL = values();

  /** How many there are. */
  static final int COUNT = ALL.length;

  /** The counter with an ordinal. */
  static Counter at(int ordinal) {
    return ALL[ordinal];
  }
}
