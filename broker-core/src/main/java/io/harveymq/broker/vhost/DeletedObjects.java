package io.harveymq.broker.vhost;

import io.harveymq.broker.connection.Connection;
import io.harveymq.broker.queue.ClientName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The queues and exchanges of a virtual host that went lately, and why, for who looks for one that
 * is not there any more. Owned by the home loop.
 */
public final class DeletedObjects {
  /** So many are remembered. */
  public static final int MOST = 200;

  private final BrokerClock clock;
  private final ArrayDeque<Deleted> lately = new ArrayDeque<>(0);

  DeletedObjects(BrokerClock clock) {
    this.clock = clock;
  }

  /** Why one went. */
  public enum Cause {
    /** A client deleted it. */
    CLIENT,
    /** A user deleted it by the HTTP API. */
    HTTP,
    /** The application that the broker is embedded in deleted it. */
    EMBEDDED,
    /** The last consumer of an auto-delete queue, or the last binding of such an exchange, went. */
    AUTO_DELETE,
    /** The connection that it was exclusive to was closed. */
    EXCLUSIVE,
    /** Nobody used it for as long as {@code x-expires} says. */
    EXPIRED
  }

  /**
   * Whose doing it was.
   *
   * @param user null when nobody's in particular
   * @param connection the name that the connection is listed with; null without one
   * @param client the name that the client gave the connection; null for none
   */
  public record Actor(String user, String connection, String client) {
    /** Nobody in particular. */
    public static final Actor NOBODY = new Actor(null, null, null);

    /** The client behind a connection. */
    public static Actor of(Connection connection) {
      return new Actor(
          connection.access().user(),
          connection.name(),
          ClientName.cut(connection.view().clientName()));
    }
  }

  /**
   * One that went. Immutable.
   *
   * @param time when, in milliseconds since the epoch by the broker's clock
   */
  public record Deleted(boolean queue, String name, long time, Cause cause, Actor actor) {}

  /** A queue goes. */
  public void queue(String name, Cause cause, Actor actor) {
    add(new Deleted(true, name, clock.timeOfDay(), cause, actor));
  }

  /** An exchange goes. */
  public void exchange(String name, Cause cause, Actor actor) {
    add(new Deleted(false, name, clock.timeOfDay(), cause, actor));
  }

  /** An auto-delete exchange goes, because nothing is bound to it any more. */
  void abandoned(String exchange) {
    exchange(exchange, Cause.AUTO_DELETE, Actor.NOBODY);
  }

  private void add(Deleted deleted) {
    if (ReplyQueues.isReplyKey(deleted.name())) {
      return;
    }
    if (lately.size() == MOST) {
      lately.pollLast();
    }
    lately.addFirst(deleted);
  }

  /** Those that are remembered, the last one first. */
  public List<Deleted> all() {
    return new ArrayList<>(lately);
  }
}
