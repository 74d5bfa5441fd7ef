package io.harveymq.broker;

/** How sockets are driven. */
public enum Transport {
  /** Epoll where there is one, else NIO. */
  AUTO,
  /** Linux's epoll through Netty's native library. */
  EPOLL,
  /** The JDK's selectors; works everywhere. */
  NIO
}
