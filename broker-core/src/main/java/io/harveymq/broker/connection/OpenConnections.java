package io.harveymq.broker.connection;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** The connections that are open, oldest first. Owned by the home loop that they are on. */
public final class OpenConnections {
  private final Set<Connection> all = new LinkedHashSet<>();

  void opened(Connection connection) {
    all.add(connection);
  }

  void closed(Connection connection) {
    all.remove(connection);
  }

  /** A list of them that does not change. */
  public Collection<Connection> all() {
    return new ArrayList<>(all);
  }
}
