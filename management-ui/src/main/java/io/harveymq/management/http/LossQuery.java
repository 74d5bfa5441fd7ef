package io.harveymq.management.http;

import io.harveymq.broker.LossBound;
import io.harveymq.broker.LossBound.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a request says of how much may go with what it deletes: {@code if-messages=3} and the like,
 * which RabbitMQ does not know. Any thread.
 */
public final class LossQuery {
  private static final Pattern COUNT = Pattern.compile("\\d{1,18}");

  /** What is done with chosen messages; the endpoints heed the same. */
  public static final String OF_MESSAGES = "POST /dev/queues/:vhost/:queue/messages/";

  /** Messages that wait in a delayed exchange are deleted. */
  public static final String DELETE_DELAYED = "POST /dev/exchanges/:vhost/:exchange/delayed/delete";

  /** What is heeded, by method and path. */
  private static final Map<String, List<Kind>> HEEDED =
      Map.ofEntries(
          Map.entry(
              "DELETE /queues/:vhost/:queue",
              List.of(Kind.MESSAGES, Kind.CONSUMERS, Kind.BINDINGS)),
          Map.entry("DELETE /queues/:vhost/:queue/contents", List.of(Kind.MESSAGES)),
          Map.entry("DELETE /exchanges/:vhost/:exchange", List.of(Kind.MESSAGES, Kind.BINDINGS)),
          Map.entry("DELETE /vhosts/:vhost", List.of(Kind.QUEUES, Kind.MESSAGES, Kind.CONNECTIONS)),
          Map.entry("DELETE /connections/:connection", List.of(Kind.QUEUES, Kind.MESSAGES)),
          Map.entry("DELETE /users/:user", List.of(Kind.QUEUES, Kind.MESSAGES, Kind.CONNECTIONS)),
          Map.entry(OF_MESSAGES + "delete", List.of(Kind.MESSAGES)),
          Map.entry(OF_MESSAGES + "move", List.of(Kind.MESSAGES)),
          Map.entry(OF_MESSAGES + "redrive", List.of(Kind.MESSAGES)),
          Map.entry(DELETE_DELAYED, List.of(Kind.MESSAGES)));

  private LossQuery() {}

  /** The kinds that are heeded by an endpoint. */
  static List<Kind> heeded(String method, String path) {
    return HEEDED.getOrDefault(method + " " + path, List.of());
  }

  /** The parameter that bounds a kind. */
  static String parameter(Kind kind) {
    return "if-" + kind.word();
  }

  /**
   * What the request says; what its endpoint does not heed is ignored, as other parameters are.
   *
   * @param endpoint method and path with variables, one that heeds something
   * @throws ApiException 400 when something is no number
   */
  public static LossBound of(ApiRequest request, String endpoint) {
    Map<Kind, Long> most = new EnumMap<>(Kind.class);
    for (Kind kind : HEEDED.get(endpoint)) {
      String text = request.query(parameter(kind));
      if (text != null) {
        most.put(kind, number(kind, text));
      }
    }
    return new LossBound(most);
  }

  private static long number(Kind kind, String text) {
    if (!COUNT.matcher(text).matches()) {
      throw ApiException.badRequest(parameter(kind) + " has to be a number of " + kind.word());
    }
    return Long.parseLong(text);
  }
}
