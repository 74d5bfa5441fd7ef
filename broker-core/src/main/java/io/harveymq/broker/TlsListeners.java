package io.harveymq.broker;

import io.harveymq.broker.tls.TlsOptions;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;

/**
 * Where a broker listens for AMQP clients that speak TLS, and how. Immutable; any thread.
 *
 * @param addresses at least one; a port 0 picks a free one
 */
public record TlsListeners(TlsOptions options, List<InetSocketAddress> addresses) {
  /** RabbitMQ's port for it. */
  public static final int DEFAULT_PORT = 5_671;

  /** Checks that there is an address. */
  public TlsListeners {
    Objects.requireNonNull(options, "options");
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("addresses must not be empty");
    }
  }
}
