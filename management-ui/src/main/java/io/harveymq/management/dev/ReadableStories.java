package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.queue.Message;
import io.harveymq.broker.story.Story;
import io.harveymq.broker.vhost.ReplyQueues;
import io.harveymq.codec.Content;
import io.harveymq.management.Node;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.Right;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What of life stories the user of one request may see: messages that AMQP would give, from the
 * exchange or from a queue that they were in; and of their way what happened in queues that the
 * user may read and that nobody else has to himself. Owned by the HTTP server's event loop.
 */
final class ReadableStories {
  private final Node node;
  private final ApiRequest request;
  private final Map<String, Boolean> queues = new HashMap<>();
  private final Map<String, Boolean> exchanges = new HashMap<>();

  /**
   * @param request with the virtual host
   */
  ReadableStories(Node node, ApiRequest request) {
    this.node = node;
    this.request = request;
  }

  /** Adds {@code story}, the number of the life story of a message, if it has one. */
  static void put(ObjectNode body, Content message) {
    if (message instanceof Message told && told.story() != 0) {
      body.put("story", Integer.toUnsignedLong(told.story()));
    }
  }

  /** Those that the user may see, in their order. */
  CompletionStage<List<VisibleStory>> of(List<Story> stories) {
    Set<Long> byExchange = new HashSet<>();
    Map<String, List<Story>> published = new LinkedHashMap<>();
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (Story story : stories) {
      published
          .computeIfAbsent(story.published().message().exchange(), name -> new ArrayList<>())
          .add(story);
      for (Story.Place place : story.places()) {
        if (queues.putIfAbsent(place.queue(), false) == null) {
          all = all.thenCompose(before -> learnQueue(place.queue()));
        }
      }
    }
    for (Map.Entry<String, List<Story>> of : published.entrySet()) {
      all =
          all.thenCompose(before -> ofExchange(of.getKey(), of.getValue()))
              .thenAccept(some -> some.forEach(story -> byExchange.add(story.id())));
    }
    return all.thenApply(done -> visible(stories, byExchange));
  }

  private CompletionStage<Void> learnQueue(String queue) {
    return Rights.ofQueue(request, request.vhost(), AccessRight.READ, queue)
        .thenAccept(may -> queues.put(queue, may));
  }

  private CompletionStage<List<Story>> ofExchange(String exchange, List<Story> stories) {
    CompletionStage<Boolean> may =
        exchanges.containsKey(exchange)
            ? CompletableFuture.completedFuture(exchanges.get(exchange))
            : Rights.ofExchange(request, request.vhost(), AccessRight.READ, exchange);
    return may.thenCompose(
        allowed -> {
          exchanges.put(exchange, allowed);
          return allowed
              ? Readable.of(
                  node,
                  request,
                  request.vhost(),
                  exchange,
                  story -> story.published().message(),
                  stories)
              : CompletableFuture.completedFuture(List.of());
        });
  }

  private List<VisibleStory> visible(List<Story> stories, Set<Long> byExchange) {
    List<VisibleStory> visible = new ArrayList<>();
    for (Story story : stories) {
      Set<String> hidden = new HashSet<>();
      boolean inQueue = false;
      for (Story.Place place : story.places()) {
        if (!mayRead(place)) {
          hidden.add(place.queue());
        }
      }
      for (Story.Place place : story.places()) {
        inQueue |= !hidden.contains(place.queue());
      }
      // Of the default exchange a message is its queue's, and nobody else's.
      boolean ofExchange =
          byExchange.contains(story.id())
              && (!story.published().message().exchange().isEmpty() || hidden.isEmpty());
      if (inQueue || ofExchange) {
        visible.add(new VisibleStory(story, hidden));
      }
    }
    return visible;
  }

  /** The owner is that of then; who has a queue of that name now does not matter. */
  private boolean mayRead(Story.Place place) {
    if (place.owner() != null || ReplyQueues.isReplyKey(place.queue())) {
      return request.owns(place.owner(), Right.ADMINISTRATOR) && queues.get(place.queue());
    }
    return queues.get(place.queue());
  }
}
