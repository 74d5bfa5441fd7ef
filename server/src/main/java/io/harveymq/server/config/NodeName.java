package io.harveymq.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of a node, such as {@code rabbit@myhost}. Stateless; any thread. */
public final class NodeName {
  private NodeName() {}

  /**
   * The whole name.
   *
   * @param given with or without a host, or empty for {@code rabbit} at this host
   */
  public static String of(String given) {
    if (given.indexOf('@') >= 0) {
      return given;
    }
    return (given.isEmpty() ? "rabbit" : given) + "@" + hostName();
  }

  private static String hostName() {
    try {
      String host = InetAddress.getLocalHost().getHostName();
      int dot = host.indexOf('.');
      return dot < 0 ? host : host.substring(0, dot);
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }
}
