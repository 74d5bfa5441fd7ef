package io.harveymq.broker.queue;

import io.harveymq.broker.connection.Connection;

/**
 * Who did something to a message, for those who look into what went wrong. It is kept when the
 * client has gone, so that a name is cut to {@link #LONGEST} characters. Immutable.
 *
 * @param name that the client gave its connection, else the connection's; over HTTP the user's
 * @param user as whom it is logged in: who may not watch that user is not told the name
 */
public record ClientName(String name, String user) {
  /** Characters of a name that are kept. */
  public static final int LONGEST = 256;

  /** Keeps what is not too long of the name. */
  public ClientName {
    name = cut(name);
  }

  /** The client behind a connection. */
  public static ClientName of(Connection connection) {
    String own = connection.view().clientName();
    return new ClientName(own == null ? connection.name() : own, connection.access().user());
  }

  /** As much of a text that a client chose as is kept after it has gone; null stays null. */
  public static String cut(String text) {
    return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
