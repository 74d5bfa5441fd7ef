package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.inspect.BrowsedMessage;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.FieldValue;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * {@code GET /api/dev/messages/:vhost}: looks for messages in all queues that the user may read,
 * one queue after the other, for as long as that is reasonable. Owned by the HTTP server's event
 * loop; contents are compared on a thread that may take its time.
 */
public final class SearchResource {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MOST = 500;
  private static final int SHOWN_BYTES = 4 << 10;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final Node node;

  public SearchResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoint. */
  public void addTo(ApiRoutes routes) {
    routes.get("/dev/messages/:vhost", Right.VHOST, this::search);
  }

  /** The answer to a request with a virtual host. */
  CompletionStage<Answer> search(ApiRequest request) {
    String queue = lower(request.query("queue"));
    int limit = Math.max(1, BrowseResource.number(request, "limit", DEFAULT_LIMIT, MOST));
    Predicate<BrowsedMessage> filter = filter(request);
    return node.inspection()
        .queues(request.vhost()::equals)
        .thenCompose(
            all -> {
              List<String> names =
                  all.stream()
                      .filter(one -> one.type() != QueueType.STREAM && messages(one) > 0)
                      .sorted(Comparator.comparingLong(SearchResource::messages))
                      .map(QueueInfo::name)
                      .filter(name -> queue == null || lower(name).contains(queue))
                      .toList();
              Search search = new Search(request, names, filter, limit);
              search.next();
              return search.answer;
            });
  }

  private static long messages(QueueInfo queue) {
    return queue.messages().ready() + queue.messages().unacknowledged();
  }

  private static String lower(String text) {
    return text == null || text.isEmpty() ? null : text.toLowerCase(Locale.ROOT);
  }

  // ---- what is looked for

  private static Predicate<BrowsedMessage> filter(ApiRequest request) {
    Predicate<BrowsedMessage> all = message -> true;
    String exchange = request.query("exchange");
    if (exchange != null && !exchange.isEmpty()) {
      String wanted = exchange.equals("amq.default") ? "" : exchange;
      all = all.and(message -> message.message().exchange().equals(wanted));
    }
    String key = lower(request.query("routing_key"));
    if (key != null) {
      all = all.and(message -> lowerOf(message.message().routingKey()).contains(key));
    }
    for (String header : request.queries().getAll("header")) {
      all = all.and(message -> hasHeader(message, header));
    }
    String body = lower(request.query("body"));
    if (body != null) {
      all = all.and(message -> lowerOf(text(message.message().body())).contains(body));
    }
    String text = lower(request.query("text"));
    return text == null ? all : all.and(message -> BrowseResource.text(message).contains(text));
  }

  private static String lowerOf(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** {@code name}, or {@code name=} and a part of its value. */
  private static boolean hasHeader(BrowsedMessage message, String wanted) {
    int equals = wanted.indexOf('=');
    String name = equals < 0 ? wanted : wanted.substring(0, equals);
    FieldTable headers = BasicProperties.trusted(message.message().properties()).headers();
    FieldValue value = headers == null ? null : headers.get(name);
    if (value == null || equals < 0) {
      return value != null;
    }
    String shown =
        value instanceof FieldValue.LongString string ? string.asString() : value.toString();
    return lowerOf(shown).contains(lowerOf(wanted.substring(equals + 1)));
  }

  // ---- one queue after the other

  /** One question. Its queues may refuse at once by thousands, or have to be waited for. */
  private final class Search {
    private final ApiRequest request;
    private final Iterator<String> queues;
    private final Predicate<BrowsedMessage> filter;
    private final int limit;
    private final long end = System.nanoTime() + LONGEST_NANOS;
    private final ArrayNode items = Json.array();
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private int count;
    private int searched;
    private boolean cut;

    Search(ApiRequest request, List<String> queues, Predicate<BrowsedMessage> filter, int limit) {
      this.request = request;
      this.queues = queues.iterator();
      this.count = queues.size();
      this.filter = filter;
      this.limit = limit;
    }

    void next() {
      while (queues.hasNext() && items.size() < limit && System.nanoTime() <= end) {
        CompletableFuture<Void> one = search(queues.next()).toCompletableFuture();
        if (!one.isDone()) {
          one.whenComplete(
              (done, failure) -> request.context().vertx().runOnContext(ignored -> next()));
          return;
        }
      }
      ObjectNode body = Json.object();
      body.put("searched", searched);
      body.put("queues", count);
      body.put("complete", !queues.hasNext() && items.size() < limit && !cut);
      body.set("items", items);
      answer.complete(Answer.of(body));
    }

    /** Never completed exceptionally: what can't be looked into is left out. */
    private CompletionStage<Void> search(String queue) {
      return Readable.requireQueue(node, request, queue)
          .thenCompose(may -> node.inspection().browse(request.vhost(), queue))
          .thenCompose(all -> request.waiting(() -> matching(all)))
          .thenCompose(
              found -> Readable.requireQueue(node, request, queue).thenApply(stillMay -> found))
          .handle(
              (found, refused) -> {
                if (found == null) {
                  count--;
                } else {
                  searched++;
                  cut |= found.cut();
                  found.messages().stream()
                      .limit(limit - items.size())
                      .forEach(one -> items.add(json(one, queue)));
                }
                return null;
              });
    }

    private ObjectNode json(BrowsedMessage message, String queue) {
      return BrowseResource.json(message, items.size(), SHOWN_BYTES).put("queue", queue);
    }

    private Found matching(List<BrowsedMessage> all) {
      List<BrowsedMessage> found = new ArrayList<>();
      for (BrowsedMessage message : all) {
        if (found.size() >= limit) {
          break;
        }
        if (System.nanoTime() > end) {
          return new Found(found, true);
        }
        if (filter.test(message)) {
          found.add(message);
        }
      }
      return new Found(found, false);
    }
  }

  /**
   * What a queue has of what is looked for.
   *
   * @param cut whether the time was over before all of its messages were seen
   */
  private record Found(List<BrowsedMessage> messages, boolean cut) {}
}
