package io.harveymq.broker.connection;

import io.harveymq.broker.net.SocketLink;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.Loop;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the socket of a connection is closed: at once, after the last output, or when the client did
 * not do in time what it has to. There is one deadline at a time. Owned by the connection's loop.
 */
final class SocketEnd {
  /**
   * How long RabbitMQ leaves a client in the dark that failed to log in, and a broken stream open.
   */
  private static final long SILENT_CLOSE_MILLIS = 3_000;

  /** How long a client may take to take the last output. */
  private static final long LAST_OUTPUT_MILLIS = 30_000;

  private static final long NOTHING_WAITED = -1;

  private static final Logger LOG = LoggerFactory.getLogger(SocketEnd.class);
  private static final int CLOSE_OK_SECONDS = 30;

  private final SocketLink link;
  private final Supplier<HomeLoop> home;
  private Loop.Timer deadline;
  private long writtenSeen = NOTHING_WAITED;

  SocketEnd(SocketLink link, Supplier<HomeLoop> home) {
    this.link = link;
    this.home = home;
  }

  /** Sets the deadline, instead of the one before. */
  void within(long millis, Runnable otherwise) {
    cancel();
    deadline = home.get().schedule(otherwise, millis);
  }

  /** Sets the deadline for the handshake. */
  void withinHandshake(long millis, Runnable otherwise) {
    within(
        millis,
        () -> {
          LOG.warn(
              "{}: closed, because the client did not finish the handshake within {} ms",
              link,
              millis);
          otherwise.run();
        });
  }

  /** Sets the deadline for close-ok: the heartbeat's interval, but not too long. */
  void withinHeartbeat(int seconds, Runnable otherwise) {
    int most = seconds > 0 ? Math.min(seconds, CLOSE_OK_SECONDS) : CLOSE_OK_SECONDS;
    within(most * 1_000L, otherwise);
  }

  /** There is no deadline any more. */
  void cancel() {
    if (deadline != null) {
      deadline.cancel();
    }
  }

  /**
   * Looks every so often whether the client takes what is sent, until the socket is closed.
   *
   * @param millis 0 for never
   * @param otherwise when something waited all the time and nothing of it was taken
   */
  void watchOutput(long millis, Runnable otherwise) {
    if (millis > 0) {
      home.get().schedule(() -> lookAtOutput(millis, otherwise), millis);
    }
  }

  private void lookAtOutput(long millis, Runnable otherwise) {
    if (link.isClosed()) {
      return;
    }
    long written = link.outbound().pending() == 0 ? NOTHING_WAITED : link.outbound().writes();
    if (written != NOTHING_WAITED && written == writtenSeen) {
      LOG.warn("{}: closed, because the client took no output for {} ms", link, millis);
      otherwise.run();
    } else {
      writtenSeen = written;
      watchOutput(millis, otherwise);
    }
  }

  /** Leaves the client some time to close the socket itself. */
  void later() {
    within(SILENT_CLOSE_MILLIS, this::afterFlush);
  }

  /** Closes once everything is written, or the client does not take it. */
  void afterFlush() {
    link.closeAfterFlush();
    within(LAST_OUTPUT_MILLIS, link::close);
  }

  /** Closes now; what is not written yet never will be. */
  void now() {
    link.close();
  }
}
