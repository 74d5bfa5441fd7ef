package io.harveymq.compat;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the broker answers to the messages that a channel publishes.
 *
 * <p>{@link Channel#waitForConfirms()} now and then answers true though a message was refused: the
 * client takes the message from those it waits for before it notes the refusal. It tells its
 * listeners of the refusal before both.
 */
final class Confirms {
  private static final long PATIENCE_MILLIS = 10_000;

  private final Channel channel;
  private final AtomicBoolean refused = new AtomicBoolean();

  /** Asks for confirms of what the channel publishes from now on. */
  Confirms(Channel channel) throws IOException {
    this.channel = channel;
    channel.confirmSelect();
    channel.addConfirmListener((number, multiple) -> {}, (number, multiple) -> refused.set(true));
  }

  /** Waits for the answers to all that was published; whether none since the last call refused. */
  boolean taken() throws InterruptedException, TimeoutException {
    channel.waitForConfirms(PATIENCE_MILLIS);
    return !refused.getAndSet(false);
  }
}
