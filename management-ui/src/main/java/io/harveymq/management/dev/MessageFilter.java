package io.harveymq.management.dev;

import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.Content;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.management.http.ApiRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Predicate;

/** What a search looks for in messages. Stateless; any thread. */
final class MessageFilter {
  private MessageFilter() {}

  /**
   * What the query of a request asks for: {@code exchange}, {@code routing_key}, {@code header},
   * {@code body}, {@code text}; all of them.
   */
  static Predicate<Content> of(ApiRequest request) {
    Predicate<Content> all = message -> true;
    String exchange = request.query("exchange");
    if (exchange != null && !exchange.isEmpty()) {
      String wanted = exchange.equals("amq.default") ? "" : exchange;
      all = all.and(message -> message.exchange().equals(wanted));
    }
    String key = lower(request.query("routing_key"));
    if (key != null) {
      all = all.and(message -> lowerOf(message.routingKey()).contains(key));
    }
    for (String header : request.queries().getAll("header")) {
      all = all.and(message -> hasHeader(message, header));
    }
    String body = lower(request.query("body"));
    if (body != null) {
      all = all.and(message -> lowerOf(utf8(message.body())).contains(body));
    }
    String text = lower(request.query("text"));
    return text == null ? all : all.and(message -> text(message).contains(text));
  }

  /** In lower case; null for nothing. */
  static String lower(String text) {
    return text == null || text.isEmpty() ? null : lowerOf(text);
  }

  /** Key, headers and body in lower case, to be searched. */
  static String text(Content message) {
    FieldTable headers = BasicProperties.trusted(message.properties()).headers();
    return lowerOf(
        message.routingKey()
            + "\n"
            + (headers == null ? "" : headers)
            + "\n"
            + utf8(message.body()));
  }

  private static String lowerOf(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** {@code name}, or {@code name=} and a part of its value. */
  private static boolean hasHeader(Content message, String wanted) {
    int equals = wanted.indexOf('=');
    String name = equals < 0 ? wanted : wanted.substring(0, equals);
    FieldTable headers = BasicProperties.trusted(message.properties()).headers();
    FieldValue value = headers == null ? null : headers.get(name);
    if (value == null || equals < 0) {
      return value != null;
    }
    String shown =
        value instanceof FieldValue.LongString string ? string.asString() : value.toString();
    return lowerOf(shown).contains(lowerOf(wanted.substring(equals + 1)));
  }
}
