package io.harveymq.management.dev;

import io.harveymq.broker.story.Story;
import io.harveymq.broker.story.StoryStep;
import io.harveymq.broker.vhost.Firehose;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.management.http.ApiException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is looked for among life stories, as somebody types it: {@code exchange: key: queue: client:
 * header.name: body: since:} and plain text, all of which have to be so. Immutable; any thread.
 */
final class StoryFilter {
  private static final Pattern TOKEN = Pattern.compile("(?:[^\\s\"]|\"[^\"]*\"?)+");
  private static final Pattern WORD = Pattern.compile("([\\w.-]+):(.*)", Pattern.DOTALL);
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(ms|s|min|m|h|d)");
  private static final Map<String, Long> MILLIS =
      Map.of(
          "ms", 1L, "s", 1_000L, "min", 60_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final String HEADER = "header.";

  private final long now;
  private final List<Predicate<Story>> contents = new ArrayList<>();
  private final List<Predicate<VisibleStory>> ways = new ArrayList<>();

  private StoryFilter(long now) {
    this.now = now;
  }

  /**
   * Reads it.
   *
   * @param text null for all
   * @param now the time that spans are counted back from
   * @throws ApiException 400 when a time makes no sense
   */
  static StoryFilter parse(String text, long now) {
    StoryFilter filter = new StoryFilter(now);
    Matcher tokens = TOKEN.matcher(text == null ? "" : text);
    while (tokens.find()) {
      filter.add(tokens.group());
    }
    return filter;
  }

  private void add(String token) {
    Matcher parts = WORD.matcher(token);
    boolean isWord = parts.matches();
    String value = lower((isWord ? parts.group(2) : token).replace("\"", ""));
    switch (isWord ? parts.group(1) : "") {
      case "exchange" -> exchange(parts.group(2).replace("\"", ""));
      case "key" -> contents.add(story -> key(story).contains(value));
      case "queue" -> ways.add(seen -> seen.places().anyMatch(one -> is(one.queue(), value)));
      case "client" -> ways.add(seen -> clients(seen).anyMatch(by -> isOf(by, value)));
      case "body" -> contents.add(story -> body(story).contains(value));
      case "since" -> since(value);
      default -> {
        if (isWord && parts.group(1).startsWith(HEADER)) {
          header(parts.group(1).substring(HEADER.length()), value);
        } else {
          String plain = lower(token.replace("\"", ""));
          contents.add(story -> text(story).contains(plain));
        }
      }
    }
  }

  private void exchange(String wanted) {
    String name = wanted.equals("amq.default") ? "" : wanted;
    contents.add(story -> story.published().message().exchange().equals(name));
  }

  private void header(String name, String value) {
    contents.add(
        story -> {
          FieldTable headers = properties(story).headers();
          FieldValue found = headers == null ? null : headers.get(name);
          return found != null && lower(shown(found)).contains(value);
        });
  }

  private void since(String value) {
    long from = time(value);
    contents.add(story -> story.published().time() >= from);
  }

  private long time(String value) {
    Matcher span = SPAN.matcher(value);
    if (span.matches()) {
      return now - Long.parseLong(span.group(1)) * MILLIS.get(span.group(2));
    }
    try {
      return Instant.parse(value.toUpperCase(Locale.ROOT)).toEpochMilli();
    } catch (DateTimeParseException none) {
      throw ApiException.badRequest("since: wants a span as 30s, 5m or 2h, or a time of ISO 8601");
    }
  }

  /** Whether the message itself is what is looked for. */
  boolean matches(Story story) {
    return contents.stream().allMatch(one -> one.test(story));
  }

  /** Whether what the user may see of its way is what is looked for. */
  boolean matches(VisibleStory story) {
    return ways.stream().allMatch(one -> one.test(story));
  }

  private static Stream<Firehose.Tap> clients(VisibleStory seen) {
    return Stream.concat(
        Stream.of(seen.story().published().by()),
        seen.steps().map(StoryStep::reader).filter(one -> one != null).map(one -> one.by()));
  }

  private static boolean isOf(Firehose.Tap by, String value) {
    return is(by.client(), value) || is(by.user(), value) || is(by.connection(), value);
  }

  private static boolean is(String name, String value) {
    return name != null && lower(name).contains(value);
  }

  private static String key(Story story) {
    return lower(story.published().message().routingKey());
  }

  private static String body(Story story) {
    return lower(new String(story.published().message().body(), StandardCharsets.UTF_8));
  }

  private static BasicProperties properties(Story story) {
    return BasicProperties.trusted(story.published().message().properties());
  }

  /** Key, exchange, what identifies it, headers and body. */
  private static String text(Story story) {
    BasicProperties properties = properties(story);
    StringBuilder text = new StringBuilder();
    text.append(key(story)).append('\n').append(story.published().message().exchange());
    Stream.of(
            properties.messageId(),
            properties.correlationId(),
            properties.type(),
            properties.appId(),
            properties.headers())
        .filter(one -> one != null)
        .forEach(one -> text.append('\n').append(one));
    return lower(text.append('\n').toString()) + body(story);
  }

  private static String shown(FieldValue value) {
    return value instanceof FieldValue.LongString string ? string.asString() : value.toString();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
