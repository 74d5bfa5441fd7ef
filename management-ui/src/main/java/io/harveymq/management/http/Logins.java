package io.harveymq.management.http;

import io.harveymq.broker.AccessControl;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.auth.LoginOutcome;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks names and passwords that come over HTTP, and counts. Any thread. */
public final class Logins {
  private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
  private static final String PROTOCOL = "http";

  private final AccessControl access;

  public Logins(AccessControl access) {
    this.access = access;
  }

  /** Whether this is the password of the user, who may log in from where the request is from. */
  public boolean accept(RoutingContext context, String name, String password) {
    return accept(context, access.rules(), name, password);
  }

  /** The same by certain rules, which then know the user. */
  boolean accept(RoutingContext context, AccessRules rules, String name, String password) {
    LoginOutcome outcome = rules.login(name, password, isLoopback(context));
    boolean accepted = outcome == LoginOutcome.ACCEPTED;
    access.attempts().count(PROTOCOL, accepted);
    if (!accepted) {
      LOG.warn(
          "HTTP access denied: user '{}' from {}: {}",
          LogText.of(name),
          context.request().remoteAddress(),
          outcome.text());
    }
    return accepted;
  }

  static boolean isLoopback(RoutingContext context) {
    try {
      String host = context.request().remoteAddress().hostAddress();
      return host != null && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException impossible) {
      return false;
    }
  }
}
