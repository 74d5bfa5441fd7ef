package io.harveymq.broker.queue;

/** Why a message that was delivered comes back to its queue. */
public enum ComeBack {
  /** The client asked for it, because it could not do its work. */
  FAILED(true, true),
  /** The client asked for it without having tried. */
  RETURNED(true, false),
  /** The client was gone before it had dealt with it. */
  LOST(false, true),
  /** The client had it for too long. */
  TIMED_OUT(false, false);

  private final boolean asked;
  private final boolean failure;

  ComeBack(boolean asked, boolean failure) {
    this.asked = asked;
    this.failure = failure;
  }

  /** Whether the client asked for it. */
  boolean isAsked() {
    return asked;
  }

  /** Whether it counts against the delivery limit of a quorum queue. */
  boolean isFailure() {
    return failure;
  }
}
