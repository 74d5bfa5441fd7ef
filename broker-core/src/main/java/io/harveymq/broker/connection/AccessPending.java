package io.harveymq.broker.connection;

import io.harveymq.broker.vhost.HomeLoop;
import java.util.concurrent.CompletableFuture;

/**
 * A command can't be judged yet, because somebody has to be asked whether the user may give it.
 * Whoever runs commands runs it again from its beginning once that is known; commands check before
 * they change anything. Belongs to the home loop.
 */
public final class AccessPending extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient CompletableFuture<Void> known;

  private final transient HomeLoop home;

  AccessPending(CompletableFuture<Void> known, HomeLoop home) {
    super("waits for an access decision", null, false, false);
    this.known = known;
    this.home = home;
  }

  /** Runs an action on the home loop when the command can be run again. */
  public void whenKnown(Runnable action) {
    known.thenRun(() -> home.run(action));
  }
}
