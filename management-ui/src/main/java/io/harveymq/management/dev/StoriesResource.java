package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.story.Stories;
import io.harveymq.broker.story.Story;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Life stories of messages: {@code /api/dev/stories/:vhost} switches their recording on and off,
 * {@code /api/dev/messages/search} finds them, {@code /api/dev/messages/:id/story} tells one. Owned
 * by the HTTP server's event loop; contents are compared on a thread that may take its time.
 */
public final class StoriesResource {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MOST = 500;

  /** So many are looked at together for the user's rights. */
  private static final int AT_ONCE = 100;

  private static final String PATH = "/dev/stories/:vhost";

  private final Node node;
  private final ApiRoutes routes;
  private final SearchResource contents;

  /**
   * @param routes to ask whether the user may use a virtual host
   */
  public StoriesResource(Node node, ApiRoutes routes) {
    this.node = node;
    this.routes = routes;
    this.contents = new SearchResource(node);
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes all) {
    all.get(PATH, Right.VHOST, this::state);
    all.put(PATH, Right.POLICYMAKER, this::begin);
    all.delete(PATH, Right.POLICYMAKER, this::end);
    all.get("/dev/messages/search", Right.MANAGEMENT, this::search);
    all.get("/dev/messages/:id/story", Right.MANAGEMENT, this::story);
  }

  /** The request with the virtual host of its query, which the user may use. */
  private ApiRequest inVhost(ApiRequest request, String vhost) {
    return routes.again(request, new String[] {"dev", "stories", vhost});
  }

  // ---- the switch

  private CompletionStage<Answer> state(ApiRequest request) {
    return node.inspection()
        .recording(request.vhost())
        .thenApply(state -> Answer.of(put(Json.object(), state)));
  }

  private static ObjectNode put(ObjectNode body, Stories.State state) {
    body.put("recording", state != null);
    body.put("most", Stories.MOST);
    body.put("minutes", Stories.MINUTES);
    if (state != null) {
      body.put("since", state.began());
      body.put("recorded", state.recorded());
      body.put("kept", state.kept());
      body.put("bytes", state.bytes());
      body.put("most_bytes", state.mostBytes());
      body.put("seconds_left", state.secondsLeft());
    }
    return body;
  }

  private CompletionStage<Answer> begin(ApiRequest request) {
    return node.inspection().record(request.vhost()).thenApply(done -> Answer.noContent());
  }

  private CompletionStage<Answer> end(ApiRequest request) {
    return node.inspection().endRecording(request.vhost()).thenApply(done -> Answer.noContent());
  }

  // ---- looking

  private CompletionStage<Answer> search(ApiRequest asked) {
    String vhost = asked.query("vhost");
    if (vhost == null) {
      // Without it this is the search over the queues of a virtual host with that name.
      return contents.search(inVhost(asked, "search"));
    }
    ApiRequest request = inVhost(asked, vhost);
    long now = node.broker().config().clock().millis();
    StoryFilter filter = StoryFilter.parse(request.query("q"), now);
    int limit = Math.max(1, BrowseResource.number(request, "limit", DEFAULT_LIMIT, MOST));
    long before = id(request.query("before"));
    return node.inspection()
        .stories(vhost)
        .thenCompose(all -> request.waiting(() -> matching(all, filter, before)))
        .thenCompose(
            found -> {
              Search search = new Search(request, found, filter, limit);
              search.next();
              return search.done;
            })
        .thenCombine(
            node.inspection().recording(vhost), (body, state) -> Answer.of(put(body, state)));
  }

  private static List<Story> matching(List<Story> all, StoryFilter filter, long before) {
    return all.stream().filter(one -> one.id() < before).filter(filter::matches).toList();
  }

  private static long id(String text) {
    if (text == null || text.isEmpty()) {
      return Long.MAX_VALUE;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException none) {
      throw ApiException.badRequest("before has to be the id of a message");
    }
  }

  private CompletionStage<Answer> story(ApiRequest asked) {
    String vhost = asked.query("vhost");
    if (vhost == null) {
      throw ApiException.badRequest("name the virtual host with ?vhost=");
    }
    ApiRequest request = inVhost(asked, vhost);
    long id;
    try {
      id = Long.parseLong(asked.path("id"));
    } catch (NumberFormatException none) {
      throw ApiException.notFound();
    }
    return node.inspection()
        .story(vhost, id)
        .thenCompose(
            story ->
                story == null
                    ? CompletableFuture.completedFuture(List.<VisibleStory>of())
                    : new ReadableStories(node, request).of(List.of(story)))
        .thenApply(
            visible -> {
              if (visible.isEmpty()) {
                throw ApiException.notFound();
              }
              return Answer.of(visible.get(0).whole());
            });
  }

  /** One search: of what matches, as many as are asked for and the user may see. */
  private final class Search {
    private final List<Story> found;
    private final StoryFilter filter;
    private final int limit;
    private final ReadableStories readable;
    private final ApiRequest request;
    private final List<VisibleStory> hits = new ArrayList<>();
    private final CompletableFuture<ObjectNode> done = new CompletableFuture<>();
    private int from;

    Search(ApiRequest request, List<Story> found, StoryFilter filter, int limit) {
      this.request = request;
      this.found = found;
      this.filter = filter;
      this.limit = limit;
      this.readable = new ReadableStories(node, request);
    }

    /** One more than asked for is looked for, to know whether there are more. */
    void next() {
      while (from < found.size() && hits.size() <= limit) {
        List<Story> some = found.subList(from, Math.min(found.size(), from + AT_ONCE));
        from += some.size();
        CompletableFuture<Void> one =
            readable.of(some).thenAccept(this::take).toCompletableFuture();
        if (!one.isDone()) {
          one.whenComplete(
              (nothing, failure) ->
                  request.context().vertx().runOnContext(ignored -> goOn(failure)));
          return;
        }
        if (one.isCompletedExceptionally()) {
          one.whenComplete((nothing, failure) -> done.completeExceptionally(failure));
          return;
        }
      }
      done.complete(body());
    }

    private void goOn(Throwable failure) {
      if (failure == null) {
        next();
      } else {
        done.completeExceptionally(failure);
      }
    }

    private void take(List<VisibleStory> some) {
      some.stream().filter(filter::matches).forEach(hits::add);
    }

    private ObjectNode body() {
      ObjectNode body = Json.object();
      ArrayNode items = body.putArray("items");
      hits.stream().limit(limit).forEach(story -> items.add(story.summary()));
      if (hits.size() > limit) {
        body.put("next", hits.get(limit - 1).story().id());
      }
      return body;
    }
  }
}
