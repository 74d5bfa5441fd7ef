package io.harveymq.broker.queue;

/**
 * A message that left the head of a queue: delivered and not yet acknowledged, or put back; or one
 * that was read back from the store. Other messages need no entry. Owned by the home loop.
 */
public final class QueueEntry implements Comparable<QueueEntry> {
  private final Lane lane;
  private final Message message;
  private final long position;
  private final long due;
  private final boolean stored;
  private boolean redelivered;
  private int returns;
  private int failures;
  private long order;
  private long deliveryTag;
  private long deliveredAt;
  private Consumer consumer;
  private ClientName returnedBy;

  /**
   * @param stored whether the queue's log has it, or will
   * @param due when it expires, in milliseconds since the epoch; 0 for never
   */
  QueueEntry(Lane lane, Message message, long position, boolean stored, long due) {
    this.lane = lane;
    this.message = message;
    this.position = position;
    this.order = position;
    this.stored = stored;
    this.due = due;
  }

  /**
   * A message of a stream, which has it for ever; all that is kept of the delivery is who got it.
   */
  static QueueEntry ofStream(long offset) {
    return new QueueEntry(null, null, offset, true, 0);
  }

  /** Where it came from; of a stream only once it is {@link #delivered}. */
  public AmqpQueue queue() {
    return lane == null ? consumer.queue() : lane.queue();
  }

  Lane lane() {
    return lane;
  }

  /** The message; null when it is of a stream. */
  public Message message() {
    return message;
  }

  /** The level of its priority; 0 in a queue that has none. */
  public int priority() {
    return lane == null ? 0 : lane.level();
  }

  /** The place in the queue that this message has for ever. */
  public long position() {
    return position;
  }

  /** Whether the queue's log has it, or will. */
  boolean stored() {
    return stored;
  }

  /** When it expires, in milliseconds since the epoch; 0 for never. */
  long due() {
    return due;
  }

  /**
   * The message as consumers get it: in a quorum queue with a count of the deliveries that failed,
   * from 4.3 on also of all that came back.
   */
  public Message shown() {
    if (returns == 0 || lane == null || !lane.queue().isQuorum()) {
      return message;
    }
    boolean acquired = lane.queue().settings().countsAcquired();
    return message.withCounts(failures == 0 ? -1 : failures, acquired ? returns : -1);
  }

  /**
   * The message as basic.get shows it: in a quorum queue the count of failures is there even when
   * it is 0, up to 4.2.
   */
  public Message shownByGet() {
    boolean zero = returns == 0 && lane.queue().isQuorum();
    return zero && !lane.queue().settings().countsAcquired() ? message.withCounts(0, -1) : shown();
  }

  /** How often it was given back so that it counts as a failed delivery. */
  public int failures() {
    return failures;
  }

  /** How often it was given back. */
  int returns() {
    return returns;
  }

  /** The client that gave it back or refused it last; null while none did, or after a restart. */
  ClientName returnedBy() {
    return returnedBy;
  }

  /** Sets which client gives it back or refuses it. */
  public void returnedBy(ClientName client) {
    returnedBy = client;
  }

  /** How often it was given back. */
  ReturnCounts counts() {
    return new ReturnCounts(failures, returns);
  }

  /** Takes over what the store knows of deliveries. */
  void recovered(boolean wasDelivered, ReturnCounts counts) {
    redelivered = wasDelivered;
    failures = counts.failures();
    returns = counts.all();
  }

  /** The message of another entry that came back goes on in this one. */
  void takesOver(QueueEntry other) {
    redelivered = true;
    returns = other.returns;
    failures = other.failures;
    returnedBy = other.returnedBy;
  }

  /** Whether it was delivered before. */
  public boolean redelivered() {
    return redelivered;
  }

  /** The tag of the delivery that is outstanding. */
  public long deliveryTag() {
    return deliveryTag;
  }

  /** Who holds the delivery; null when it was fetched with basic.get. */
  public Consumer consumer() {
    return consumer;
  }

  /** When it was delivered, in milliseconds since the epoch. */
  public long deliveredAt() {
    return deliveredAt;
  }

  /** Sets when it was delivered. */
  public void deliveredAt(long time) {
    deliveredAt = time;
  }

  /** Notes the outstanding delivery. */
  public void delivered(Consumer to, long tag) {
    consumer = to;
    deliveryTag = tag;
  }

  void returned(boolean failed) {
    redelivered = true;
    returns++;
    failures += failed ? 1 : 0;
    consumer = null;
  }

  /** Sets its place among those that were given back; its position unless it is told. */
  void order(long place) {
    order = place;
  }

  @Override
  public int compareTo(QueueEntry other) {
    return Long.compare(order, other.order);
  }
}
