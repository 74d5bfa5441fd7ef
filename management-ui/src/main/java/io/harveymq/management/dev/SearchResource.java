package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.inspect.BrowsedMessage;
import io.harveymq.broker.inspect.DelayedInfo;
import io.harveymq.broker.inspect.ExchangeInfo;
import io.harveymq.broker.inspect.QueueInfo;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.codec.Content;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * {@code GET /api/dev/messages/:vhost}: looks for messages in all queues, streams and delayed
 * exchanges that the user may read, one after the other, for as long as that is reasonable. Owned
 * by the HTTP server's event loop; contents are compared on a thread that may take its time.
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
    int limit = Math.max(1, BrowseResource.number(request, "limit", DEFAULT_LIMIT, MOST));
    String queue = MessageFilter.lower(request.query("queue"));
    Search search = new Search(request, MessageFilter.of(request), limit);
    return node.inspection()
        .queues(request.vhost()::equals)
        .thenAccept(all -> search.addQueues(all, queue))
        .thenCompose(
            added ->
                queue == null
                    ? node.inspection().exchanges(request.vhost()::equals)
                    : CompletableFuture.<List<ExchangeInfo>>completedFuture(List.of()))
        .thenAccept(search::addDelayed)
        .thenCompose(added -> search.begin());
  }

  private static long messages(QueueInfo queue) {
    return queue.messages().ready() + queue.messages().unacknowledged();
  }

  /** Where messages are. */
  private enum Kind {
    QUEUE,
    DELAYED,
    STREAM
  }

  private record Place(Kind kind, String name, long messages) {}

  // ---- one place after the other

  /** One question. Its places may refuse at once by thousands, or have to be waited for. */
  private final class Search {
    private final ApiRequest request;
    private final List<Place> places = new ArrayList<>();
    private final Predicate<Content> filter;
    private final int limit;
    private final long end = System.nanoTime() + LONGEST_NANOS;
    private final ArrayNode items = Json.array();
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private Iterator<Place> left;
    private int queues;
    private int exchanges;
    private int searchedQueues;
    private int searchedExchanges;
    private long looked;
    private boolean cut;

    Search(ApiRequest request, Predicate<Content> filter, int limit) {
      this.request = request;
      this.filter = filter;
      this.limit = limit;
    }

    /** Those with messages whose names have the part; null for all. */
    void addQueues(List<QueueInfo> all, String part) {
      for (QueueInfo one : all) {
        boolean stream = one.type() == QueueType.STREAM;
        long messages = stream ? one.messages().ready() : messages(one);
        if (messages > 0 && (part == null || MessageFilter.lower(one.name()).contains(part))) {
          places.add(new Place(stream ? Kind.STREAM : Kind.QUEUE, one.name(), messages));
          queues++;
        }
      }
    }

    void addDelayed(List<ExchangeInfo> all) {
      for (ExchangeInfo one : all) {
        if (one.delayed() > 0) {
          places.add(new Place(Kind.DELAYED, one.definition().name(), one.delayed()));
          exchanges++;
        }
      }
    }

    /** The small ones first, streams last. */
    CompletionStage<Answer> begin() {
      places.sort(
          Comparator.comparing((Place place) -> place.kind() == Kind.STREAM)
              .thenComparingLong(Place::messages));
      left = places.iterator();
      next();
      return answer;
    }

    private void next() {
      while (left.hasNext() && items.size() < limit && !Scan.isOver(request, end)) {
        CompletableFuture<Void> one = search(left.next()).toCompletableFuture();
        if (!one.isDone()) {
          one.whenComplete(
              (done, failure) -> request.context().vertx().runOnContext(ignored -> next()));
          return;
        }
      }
      ObjectNode body = Json.object();
      body.put("searched", searchedQueues);
      body.put("queues", queues);
      body.put("searched_exchanges", searchedExchanges);
      body.put("exchanges", exchanges);
      body.put("looked", looked);
      body.put("complete", !left.hasNext() && items.size() < limit && !cut);
      body.set("items", items);
      answer.complete(Answer.of(body));
    }

    /** Never completed exceptionally: what can't be looked into is left out. */
    private CompletionStage<Void> search(Place place) {
      CompletionStage<List<ObjectNode>> found =
          switch (place.kind()) {
            case QUEUE -> inQueue(place.name());
            case DELAYED -> inExchange(place.name());
            case STREAM -> inStream(place.name());
          };
      boolean delayed = place.kind() == Kind.DELAYED;
      return found.handle(
          (some, refused) -> {
            if (delayed) {
              exchanges -= some == null ? 1 : 0;
              searchedExchanges += some == null ? 0 : 1;
            } else {
              queues -= some == null ? 1 : 0;
              searchedQueues += some == null ? 0 : 1;
            }
            if (some != null) {
              some.forEach(items::add);
            }
            return null;
          });
    }

    private int missing() {
      return limit - items.size();
    }

    private CompletionStage<List<ObjectNode>> inQueue(String queue) {
      return Readable.requireQueue(node, request, queue)
          .thenCompose(may -> QueueContents.of(node, request.vhost(), queue))
          .thenCompose(contents -> scan(contents, seen -> filter.test(seen.message())))
          .thenCompose(
              found -> Readable.requireQueue(node, request, queue).thenApply(stillMay -> found))
          .thenApply(
              found -> {
                List<ObjectNode> some = new ArrayList<>();
                for (BrowsedMessage one : found) {
                  some.add(
                      BrowseResource.json(one, items.size() + some.size(), SHOWN_BYTES)
                          .put("queue", queue));
                }
                return some;
              });
    }

    private CompletionStage<List<ObjectNode>> inStream(String name) {
      StreamMessages stream = StreamMessages.newestFirst(node, request.vhost(), name);
      return Readable.requireQueue(node, request, name)
          .thenCompose(may -> scan(stream, seen -> filter.test(seen.message())))
          .thenCompose(
              found -> Readable.requireQueue(node, request, name).thenApply(stillMay -> found))
          .thenApply(
              found ->
                  found.stream()
                      .map(seen -> stream.json(seen, SHOWN_BYTES).put("queue", name))
                      .toList());
    }

    private CompletionStage<List<ObjectNode>> inExchange(String name) {
      Scan.Source<DelayedInfo> source = new DelayedMessagesSource(node, request.vhost(), name);
      return requireRead(name)
          .thenCompose(
              may -> scan(source, one -> one.message() != null && filter.test(one.message())))
          .thenCompose(found -> requireRead(name).thenApply(stillMay -> found))
          .thenApply(
              found ->
                  found.stream()
                      .map(
                          one ->
                              DelayedMessagesSource.json(one, SHOWN_BYTES, false)
                                  .put("state", "delayed")
                                  .put("delayed_in", name))
                      .toList());
    }

    private CompletionStage<Void> requireRead(String exchange) {
      return Rights.require(
          Rights.ofExchange(request, request.vhost(), AccessRight.READ, exchange));
    }

    private <T> CompletionStage<List<T>> scan(Scan.Source<T> source, Predicate<T> wanted) {
      return new Scan<>(request, source, wanted, missing(), end)
          .from(null)
          .thenApply(
              found -> {
                cut |= found.next() != null;
                looked += found.looked();
                return found.some();
              });
    }
  }
}
