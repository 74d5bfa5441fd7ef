package io.harveymq.management.http;

import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.auth.User;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * The token with which command line tools of this machine act, as {@code rabbitmqctl} does with
 * Erlang's cookie: as an administrator who is none of the users. Any thread.
 */
public final class ControlToken {
  /** Who has the token; the name is RabbitMQ's for its command line tools. */
  static final Identity ADMINISTRATOR =
      new Identity("rmq-cli", List.of(User.ADMINISTRATOR), List.of());

  private final byte[] token;

  /**
   * @param token null when there is none, then nobody gets in with one
   */
  public ControlToken(String token) {
    this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether a request is from this machine and has the token; as slow for any wrong one. */
  boolean isIn(RoutingContext context, String given) {
    return token != null
        && isOfThisMachine(context)
        && MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
  }

  /** From the loopback interface, or to one of this machine's addresses from the same. */
  private static boolean isOfThisMachine(RoutingContext context) {
    String local = context.request().localAddress().hostAddress();
    return Logins.isLoopback(context)
        || local != null && local.equals(context.request().remoteAddress().hostAddress());
  }
}
