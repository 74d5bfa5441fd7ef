package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.LossBound;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.channel.DirectDelayed;
import io.harveymq.broker.inspect.DelayedInfo;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.LossQuery;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * {@code /api/dev/exchanges/:vhost/:exchange/delayed}: looks at the messages that wait in a delayed
 * exchange, deletes chosen ones or lets them go before their time. Owned by the HTTP server's event
 * loop.
 */
public final class DelayedResource {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MOST = 500;
  private static final int FARTHEST = 10_000;
  private static final int SHOWN_BYTES = 64 << 10;

  /** The cursor before all. */
  private static final String FIRST = "first";

  private final Node node;

  public DelayedResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    String path = "/dev/exchanges/:vhost/:exchange/delayed";
    routes.get(path, Right.VHOST, this::list);
    routes.post(path + "/delete", Right.VHOST, this::delete);
    routes.post(path + "/release", Right.VHOST, this::release);
  }

  /** Looking at messages needs the right that binding a queue to get them would need. */
  private CompletionStage<Answer> list(ApiRequest request) {
    int offset = BrowseResource.number(request, "offset", 0, FARTHEST);
    int limit = BrowseResource.number(request, "limit", DEFAULT_LIMIT, MOST);
    int shown = BrowseResource.number(request, "truncate", SHOWN_BYTES, Integer.MAX_VALUE);
    boolean typed = BrowseResource.typed(request);
    String exchange = request.path("exchange");
    String id = request.query("id");
    String search = request.query("search");
    String cursor = request.query("cursor");
    boolean walked = id == null && (isGiven(search) || isGiven(cursor));
    int listed = walked ? 0 : limit;
    return requireRead(request, exchange)
        .thenCompose(
            may ->
                id == null
                    ? node.inspection().delayed().page(request.vhost(), exchange, offset, listed)
                    : one(request, exchange, id))
        .thenApply(page -> answer(page, offset, shown, typed))
        .thenCompose(
            body ->
                walked
                    ? walk(request, exchange, limit, body, shown, typed)
                    : CompletableFuture.completedFuture(body))
        .thenApply(Answer::of);
  }

  private static boolean isGiven(String parameter) {
    return parameter != null && !parameter.isEmpty();
  }

  private static CompletionStage<Void> requireRead(ApiRequest request, String exchange) {
    return Rights.require(Rights.ofExchange(request, request.vhost(), AccessRight.READ, exchange));
  }

  private static ObjectNode answer(DelayedInfo.Page page, int offset, int shown, boolean typed) {
    ObjectNode body = Json.object();
    body.put("total", page.total());
    body.put("offset", offset);
    if (page.until() != null) {
      body.put("until", page.until());
    }
    ArrayNode items = body.putArray("items");
    page.some().forEach(waiting -> items.add(DelayedMessagesSource.json(waiting, shown, typed)));
    return body;
  }

  /**
   * Adds those that have the text, or all when none is searched for, from {@code cursor} on. It may
   * take a while, in which rights change.
   */
  private CompletionStage<ObjectNode> walk(
      ApiRequest request, String exchange, int limit, ObjectNode body, int shown, boolean typed) {
    Scan.Source<DelayedInfo> source = new DelayedMessagesSource(node, request.vhost(), exchange);
    Predicate<DelayedInfo> filter = Scan.containing(request.query("search"), DelayedInfo::message);
    String cursor = request.query("cursor");
    return new Scan<>(request, source, filter, Math.max(1, limit))
        .from(!isGiven(cursor) || cursor.equals(FIRST) ? null : cursor)
        .thenCompose(found -> requireRead(request, exchange).thenApply(stillMay -> found))
        .thenApply(
            found -> {
              body.remove("offset");
              body.put("looked", found.looked());
              if (found.next() != null) {
                body.put("next", found.next());
              }
              ArrayNode items = (ArrayNode) body.get("items");
              found.some().forEach(one -> items.add(DelayedMessagesSource.json(one, shown, typed)));
              return body;
            });
  }

  private CompletionStage<DelayedInfo.Page> one(ApiRequest request, String exchange, String id) {
    return node.inspection()
        .delayed()
        .one(request.vhost(), exchange, id)
        .thenApply(
            found -> {
              List<DelayedInfo> some = found == null ? List.of() : List.of(found);
              return new DelayedInfo.Page(some.size(), null, some);
            });
  }

  // ---- chosen messages

  private CompletionStage<Answer> delete(ApiRequest request) {
    return node.commands()
        .deleteDelayed(
            request.actor(),
            request.vhost(),
            selection(request, LossQuery.of(request, LossQuery.DELETE_DELAYED)))
        .thenApply(BrowseResource::answer);
  }

  private CompletionStage<Answer> release(ApiRequest request) {
    return node.commands()
        .letGoDelayed(request.actor(), request.vhost(), selection(request, LossBound.NONE))
        .thenApply(BrowseResource::answer);
  }

  private static DirectDelayed.Selection selection(ApiRequest request, LossBound most) {
    ObjectNode body = request.body();
    String until = ApiRequest.text(body, "until", null);
    return new DirectDelayed.Selection(
        request.path("exchange"), DevBody.idsOrAll(body), until, most);
  }
}
