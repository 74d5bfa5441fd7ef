package io.harveymq.auth;

import io.harveymq.broker.auth.AccessQuestion;
import io.harveymq.broker.auth.AuthBackend;
import io.harveymq.broker.auth.Authoriser;
import io.harveymq.broker.auth.Credentials;
import io.harveymq.broker.auth.Decision;
import io.harveymq.broker.auth.Identity;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a web service, with the parameters and answers of RabbitMQ's rabbit_auth_backend_http:
 * {@code allow}, with tags behind it when it is about a user, or {@code deny}. Whatever else comes,
 * or does not come, is a refusal. Any thread.
 */
public final class HttpBackend implements AuthBackend {
  public static final String NAME = "rabbit_auth_backend_http";

  private static final Logger LOG = LoggerFactory.getLogger(HttpBackend.class);
  private static final int LARGEST_ANSWER = 65_536;
  private static final int MOST_SHOWN = 200;
  private static final String ALLOW = "allow";
  private static final String DENY = "deny";

  private final HttpBackendOptions options;
  private final WebClient client;
  private final Authoriser authoriser = new Rights();

  /** Nothing is asked before somebody logs in. */
  public HttpBackend(HttpBackendOptions options) {
    this.options = options;
    this.client =
        new WebClient(
            "harvey-auth-http",
            options.connectTimeout(),
            options.requestTimeout(),
            LARGEST_ANSWER,
            options.authorities());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public CompletionStage<Answer> authenticate(Credentials credentials) {
    String user = credentials.user();
    String query =
        credentials.password() == null
            ? query("username", user)
            : query("username", user, "password", credentials.password());
    return ask(
        options.paths().user(),
        query,
        answer -> user(user, answer),
        reason -> Answer.refused(NAME + " failed authenticating " + user + ": " + reason));
  }

  private Answer user(String name, String answer) {
    if (answer.equals(DENY) || answer.startsWith(DENY + " ")) {
      return Answer.refused("Denied by the backing HTTP service");
    }
    if (answer.equals(ALLOW) || answer.startsWith(ALLOW + " ")) {
      List<String> tags =
          Arrays.stream(answer.substring(ALLOW.length()).split(" "))
              .filter(tag -> !tag.isEmpty())
              .distinct()
              .toList();
      return Answer.known(name, tags, authoriser);
    }
    return Answer.refused(
        NAME + " failed authenticating " + name + ": {bad_response,\"" + shown(answer) + "\"}");
  }

  /**
   * Whoever was let in by somebody else has to be known here, too; the tags of here don't count.
   */
  @Override
  public CompletionStage<Answer> authorise(Credentials credentials) {
    return authenticate(credentials)
        .thenApply(
            answer ->
                answer.refusal() == null
                    ? Answer.known(answer.user(), List.of(), answer.authoriser())
                    : answer);
  }

  private final class Rights implements Authoriser {
    @Override
    public CompletionStage<Decision> decide(Identity who, AccessQuestion question) {
      return ask(
          path(question),
          query(question, who),
          HttpBackend::decision,
          reason -> Decision.error(NAME, reason));
    }

    private URI path(AccessQuestion question) {
      if (question instanceof AccessQuestion.Resource) {
        return options.paths().resource();
      }
      return question instanceof AccessQuestion.Topic
          ? options.paths().topic()
          : options.paths().vhost();
    }
  }

  private static String query(AccessQuestion question, Identity who) {
    String user = who.name();
    String tags = String.join(" ", who.tags());
    String vhost = question.vhost();
    if (question instanceof AccessQuestion.Resource resource) {
      return query(
          "username",
          user,
          "vhost",
          vhost,
          "resource",
          resource.kind(),
          "name",
          resource.name(),
          "permission",
          resource.right().toString(),
          "tags",
          tags);
    }
    if (question instanceof AccessQuestion.Topic topic) {
      return query(
          "username", user,
          "vhost", vhost,
          "resource", "topic",
          "name", topic.exchange(),
          "permission", topic.right().toString(),
          "tags", tags,
          "routing_key", topic.routingKey(),
          "variable_map.username", user,
          "variable_map.vhost", vhost);
    }
    String address = ((AccessQuestion.Vhost) question).address();
    return query("username", user, "vhost", vhost, "ip", address, "tags", tags);
  }

  private static Decision decision(String answer) {
    if (answer.equals(ALLOW) || answer.equals(DENY)) {
      return Decision.of(answer.equals(ALLOW));
    }
    if (answer.startsWith(DENY + " ")) {
      return Decision.DENIED;
    }
    return Decision.error(NAME, "{bad_response,\"" + shown(answer) + "\"}");
  }

  // ---- asking

  private <T> CompletionStage<T> ask(
      URI uri, String query, Function<String, T> answered, Function<String, T> failed) {
    CompletableFuture<WebClient.Answer> answer;
    try {
      answer =
          options.post()
              ? client.post(uri, query)
              : client.get(URI.create(uri + (uri.getQuery() == null ? "?" : "&") + query));
    } catch (IllegalArgumentException unusable) {
      return CompletableFuture.completedFuture(failed.apply("{bad_uri,\"" + uri + "\"}"));
    }
    return answer.handle(
        (given, failure) -> {
          String reason = failure == null ? null : WebClient.reason(failure, uri);
          if (failure == null && given.status() != 200 && given.status() != 201) {
            reason = "{" + given.status() + ",\"" + shown(given.body()) + "\"}";
          }
          if (reason != null) {
            LOG.error("{} did not answer as it should: {}", uri, reason);
            return failed.apply(reason);
          }
          return answered.apply(given.body().strip().toLowerCase(Locale.ROOT));
        });
  }

  /** What others sent, short and in one line. */
  private static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ").replace('"', '\'');
    return line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "..." : line;
  }

  private static String query(String... namesAndValues) {
    StringBuilder query = new StringBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      query
          .append(i == 0 ? "" : "&")
          .append(namesAndValues[i])
          .append('=')
          .append(URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
    }
    return query.toString();
  }
}
