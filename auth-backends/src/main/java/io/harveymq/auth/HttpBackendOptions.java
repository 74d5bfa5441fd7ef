package io.harveymq.auth;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Where a web service is that answers logins, and how to ask it: RabbitMQ's {@code auth_http.*}.
 * Immutable; any thread.
 *
 * @param post whether to send forms, so that passwords are no part of an address
 * @param authorities a file with certificates in PEM to trust; null for those of the JVM
 */
public record HttpBackendOptions(
    boolean post, Paths paths, Duration connectTimeout, Duration requestTimeout, Path authorities) {
  /** RabbitMQ's 15 seconds. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

  /** Only the authorities may be null. */
  public HttpBackendOptions {
    Objects.requireNonNull(paths, "paths");
    Objects.requireNonNull(connectTimeout, "connectTimeout");
    Objects.requireNonNull(requestTimeout, "requestTimeout");
  }

  /** What is asked where. */
  public record Paths(URI user, URI vhost, URI resource, URI topic) {
    /** All four under one address, which ends with a slash. */
    public static Paths under(String base) {
      return new Paths(
          URI.create(base + "user"),
          URI.create(base + "vhost"),
          URI.create(base + "resource"),
          URI.create(base + "topic"));
    }
  }
}
