package io.harveymq.management.http;

import io.harveymq.broker.AccessControl;
import io.harveymq.broker.LogText;
import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.Credentials;
import io.harveymq.broker.auth.Identity;
import io.harveymq.broker.auth.LoginAnswer;
import io.harveymq.broker.auth.User;
import io.harveymq.broker.vhost.VirtualHostDefinition;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
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

  /**
   * Checks a name and a password, or a token in its place, of somebody who may log in from where
   * the request is from.
   *
   * @return never completed exceptionally; by any thread
   */
  public CompletionStage<LoginAnswer> check(RoutingContext context, String name, String password) {
    SocketAddress from = context.request().remoteAddress();
    Credentials credentials =
        new Credentials(name, password, address(context), isLoopback(context));
    return access
        .login(credentials)
        .thenApply(
            answer -> {
              access.attempts().count(PROTOCOL, answer.isAccepted());
              if (!answer.isAccepted()) {
                LOG.warn(
                    "HTTP access denied: user '{}' from {}: {}",
                    LogText.of(name),
                    from,
                    LogText.of(answer.refusal()));
              }
              return answer;
            });
  }

  /**
   * Checks credentials, and finds out which virtual hosts the user may use if the broker's own
   * permissions don't tell.
   *
   * @return null for a refusal; never completed exceptionally; by any thread
   */
  CompletionStage<ApiUser> login(RoutingContext context, String name, String password) {
    return check(context, name, password)
        .thenCompose(
            answer ->
                answer.isAccepted()
                    ? user(answer.identity(), address(context))
                    : CompletableFuture.completedFuture(null));
  }

  private CompletionStage<ApiUser> user(Identity identity, String address) {
    if (identity.isInternal()) {
      User known = access.user(identity.name());
      return CompletableFuture.completedFuture(known == null ? null : ApiUser.own(identity, known));
    }
    Set<String> vhosts = ConcurrentHashMap.newKeySet();
    boolean matters = Right.MANAGEMENT.isOf(identity) && !Right.ADMINISTRATOR.isOf(identity);
    CompletableFuture<?>[] asked =
        (matters ? access.vhosts() : List.<VirtualHostDefinition>of())
            .stream()
                .map(vhost -> new AccessQuestion.Vhost(vhost.name(), address))
                .map(
                    question ->
                        identity
                            .may(question)
                            .thenAccept(
                                decision -> {
                                  if (decision.isAllowed()) {
                                    vhosts.add(question.vhost());
                                  }
                                })
                            .toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(asked)
        .thenApply(all -> new ApiUser(identity, null, Set.copyOf(vhosts)));
  }

  /** Where a request is from, as text; empty if that is not known. */
  static String address(RoutingContext context) {
    String host = context.request().remoteAddress().hostAddress();
    return host == null ? "" : host;
  }

  /** Whether a request comes from this machine. */
  public static boolean isLoopback(RoutingContext context) {
    try {
      String host = context.request().remoteAddress().hostAddress();
      return host != null && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException impossible) {
      return false;
    }
  }
}
