package io.harveymq.broker.net;

import io.netty.util.Version;

/**
 * The version of Netty beside this broker. Build tools of whoever embeds it may have put another
 * one there, as the parent POM of Spring Boot 3 does. Stateless; any thread.
 */
public final class NettyVersion {
  /** Since 4.2.0. */
  private static final String NEEDED = "io.netty.channel.IoHandlerFactory";

  private NettyVersion() {}

  /**
   * Says why this broker can't run with the Netty of a class loader, and what to do.
   *
   * @return null if it can
   */
  public static String unfit(ClassLoader loader) {
    try {
      Class.forName(NEEDED, false, loader);
      return null;
    } catch (ClassNotFoundException older) {
      Version found = Version.identify(loader).get("netty-transport");
      return "Netty 4.2 is needed, and the class path has "
          + (found == null ? "an older one" : "netty-transport " + found.artifactVersion())
          + "; where a parent POM or a BOM sets the version, as Spring Boot's does, set it back:"
          + " <netty.version>4.2.18.Final</netty.version> in Maven,"
          + " ext['netty.version'] = '4.2.18.Final' in Gradle";
    }
  }
}
