package io.harveymq.broker.story;

/** What can happen to a message after it was published. */
public enum StoryEvent {
  /** It was not mandatory and reached no queue: it is lost. */
  UNROUTABLE,
  /** It was mandatory and reached no queue. */
  RETURNED,
  /** The transaction that it was published in was rolled back. */
  ROLLED_BACK,
  /** An exchange keeps it for later. */
  DELAYED,
  /** A queue took it. */
  ENTERED,
  /** A queue was full and did not take it. */
  REFUSED,
  /** A queue with a time to live of 0 had no consumer for it. */
  DROPPED,
  /** It was sent to a consumer. */
  DELIVERED,
  /** It was fetched by basic.get. */
  GOT,
  ACKED,
  /** It was refused for good, by basic.reject or basic.nack. */
  REJECTED,
  /** It was given back, by basic.reject, basic.nack or basic.recover. */
  REQUEUED,
  /** It was taken away from who had it: too slow, or by hand. */
  TAKEN_BACK,
  /** It came back because the channel of who had it ended. */
  CHANNEL_CLOSED,
  EXPIRED,
  /** The queue became longer than it may be. */
  MAXLEN,
  /** It had been delivered as often as the queue allows. */
  DELIVERY_LIMIT,
  /** It went on to a dead letter exchange. */
  DEAD_LETTERED,
  /** The dead letter exchange does not exist. */
  DEAD_LETTER_LOST,
  /** It died in this queue before, and does not go round in a circle. */
  DEAD_LETTER_CYCLE,
  /** It died, and stays until a queue takes the dead letter. */
  HELD,
  PURGED,
  QUEUE_DELETED,
  /** Somebody deleted it by hand. */
  DELETED,
  /** Somebody moved it by hand. */
  MOVED
}
