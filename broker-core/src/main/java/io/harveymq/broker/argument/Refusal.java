package io.harveymq.broker.argument;

import io.harveymq.codec.ChannelException;
import io.harveymq.codec.ReplyCode;

/** Short forms of exceptions for what a client may not ask for. Stateless; any thread. */
public final class Refusal {
  private Refusal() {}

  /** A 406 with this explanation. */
  public static ChannelException preconditionFailed(String explanation) {
    return new ChannelException(ReplyCode.PRECONDITION_FAILED, explanation);
  }
}
