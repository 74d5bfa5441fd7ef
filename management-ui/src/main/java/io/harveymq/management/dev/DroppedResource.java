package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.auth.AccessRight;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.channel.DirectMessages;
import io.harveymq.broker.vhost.DroppedMessages;
import io.harveymq.codec.AmqpException;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.MessageJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/dev/dropped}: the last messages that no queue took and that were not returned; they
 * can be published again. Owned by the HTTP server's event loop.
 */
public final class DroppedResource {
  private static final Logger LOG = LoggerFactory.getLogger(DroppedResource.class);
  private static final int SHOWN_BYTES = 64 << 10;
  private static final int SHORT_BYTES = 4 << 10;
  private static final int MOST_RECENT = 200;
  private static final String PATH = "/dev/dropped/:vhost/:exchange";

  private final Node node;

  public DroppedResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/dev/dropped/:vhost", Right.VHOST, this::all);
    routes.get(PATH, Right.VHOST, this::one);
    routes.delete(PATH, Right.VHOST, this::forget);
    routes.post(PATH + "/publish", Right.VHOST, this::publish);
  }

  private static String exchange(ApiRequest request) {
    String name = request.path("exchange");
    return name.equals(AccessRules.DEFAULT_EXCHANGE) ? "" : name;
  }

  private static CompletionStage<Void> requireRead(ApiRequest request) {
    return Rights.require(
        Rights.ofExchange(request, request.vhost(), AccessRight.READ, exchange(request)));
  }

  // ---- looking

  /** What all exchanges dropped that the user may read from, the last message first. */
  private CompletionStage<Answer> all(ApiRequest request) {
    return node.inspection()
        .dropped(request.vhost()::equals)
        .thenCompose(lost -> readable(request, lost.getOrDefault(request.vhost(), List.of())))
        .thenApply(
            losses -> {
              ObjectNode body = Json.object();
              ArrayNode exchanges = body.putArray("exchanges");
              List<DroppedMessages.Dropped> recent = new ArrayList<>();
              for (DroppedMessages.Loss loss : losses) {
                exchanges.add(summary(loss));
                recent.addAll(loss.kept());
              }
              recent.sort((one, other) -> Long.compare(other.id(), one.id()));
              ArrayNode items = body.putArray("items");
              recent.stream()
                  .limit(MOST_RECENT)
                  .forEach(dropped -> items.add(json(dropped, SHORT_BYTES)));
              return Answer.of(body);
            });
  }

  private CompletionStage<List<DroppedMessages.Loss>> readable(
      ApiRequest request, List<DroppedMessages.Loss> losses) {
    List<DroppedMessages.Loss> readable = new ArrayList<>();
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (DroppedMessages.Loss loss : losses) {
      all =
          all.thenCompose(
                  before ->
                      Rights.ofExchange(
                          request, request.vhost(), AccessRight.READ, loss.exchange()))
              .thenCompose(
                  may ->
                      may
                          ? visible(request, loss)
                          : CompletableFuture.<DroppedMessages.Loss>completedFuture(null))
              .thenAccept(
                  seen -> {
                    if (seen != null) {
                      readable.add(seen);
                    }
                  });
    }
    return all.thenApply(done -> readable);
  }

  /** With those messages that the user may see. */
  private CompletionStage<DroppedMessages.Loss> visible(
      ApiRequest request, DroppedMessages.Loss loss) {
    return Readable.of(
            node,
            request,
            request.vhost(),
            loss.exchange(),
            DroppedMessages.Dropped::message,
            loss.kept())
        .thenApply(loss::keeping);
  }

  /** What the exchange of the path dropped, as far as the user may see it. */
  private CompletionStage<DroppedMessages.Loss> loss(ApiRequest request) {
    String exchange = exchange(request);
    return requireRead(request)
        .thenCompose(may -> node.inspection().lately().dropped(request.vhost(), exchange))
        .thenCompose(
            loss ->
                visible(
                    request,
                    loss == null ? new DroppedMessages.Loss(exchange, 0, 0, 0, List.of()) : loss));
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    int limit = BrowseResource.number(request, "limit", MOST_RECENT, MOST_RECENT);
    int shown = BrowseResource.number(request, "truncate", SHOWN_BYTES, Integer.MAX_VALUE);
    boolean typed = BrowseResource.typed(request);
    String id = request.query("id");
    return loss(request)
        .thenApply(
            loss -> {
              ObjectNode body = summary(loss);
              ArrayNode items = body.putArray("items");
              loss.kept().stream()
                  .filter(dropped -> id == null || id.equals(Long.toString(dropped.id())))
                  .limit(limit)
                  .forEach(
                      dropped -> {
                        ObjectNode item = json(dropped, shown);
                        if (typed) {
                          MessageJson.putHeaderTypes(item, dropped.message().properties());
                        }
                        items.add(item);
                      });
              return Answer.of(body);
            });
  }

  private static ObjectNode summary(DroppedMessages.Loss loss) {
    ObjectNode body = Json.object();
    body.put("exchange", loss.exchange());
    body.put("total", loss.total());
    body.put("kept", loss.kept().size());
    if (loss.total() > 0) {
      body.put("since", loss.since());
      body.put("last", loss.last());
    }
    return body;
  }

  private static ObjectNode json(DroppedMessages.Dropped dropped, int shown) {
    ObjectNode body = Json.object();
    body.put("id", dropped.id());
    body.put("time", dropped.time());
    MessageJson.put(body, dropped.message(), false, shown);
    body.put("payload_bytes", dropped.size());
    body.put("whole", dropped.whole());
    body.put("user", dropped.publisher().user());
    body.put("connection", dropped.publisher().connection());
    if (dropped.publisher().client() != null) {
      body.put("client", dropped.publisher().client());
    }
    return body;
  }

  // ---- publishing again

  private CompletionStage<Answer> forget(ApiRequest request) {
    return requireRead(request)
        .thenCompose(may -> node.inspection().lately().dropped(request.vhost(), exchange(request)))
        .thenCompose(
            all ->
                all == null
                    ? CompletableFuture.completedFuture(null)
                    : visible(request, all).thenCompose(seen -> forget(request, all, seen)))
        .thenApply(done -> Answer.noContent());
  }

  /** What the user may not see stays. */
  private CompletionStage<Void> forget(
      ApiRequest request, DroppedMessages.Loss all, DroppedMessages.Loss seen) {
    boolean whole = seen.kept().size() == all.kept().size();
    return node.commands().forgetDropped(request.vhost(), all.exchange(), whole ? null : ids(seen));
  }

  private static Set<Long> ids(DroppedMessages.Loss loss) {
    Set<Long> ids = new HashSet<>();
    loss.kept().forEach(dropped -> ids.add(dropped.id()));
    return ids;
  }

  /** What is being published again nobody else can publish meanwhile. */
  private CompletionStage<Answer> publish(ApiRequest request) {
    Set<String> wanted = DevBody.idsOrAll(request.body());
    return loss(request)
        .thenCompose(
            loss -> {
              Set<Long> ids = ids(loss);
              if (wanted != null) {
                ids.removeIf(id -> !wanted.contains(Long.toString(id)));
              }
              return node.commands().takeDropped(request.vhost(), loss.exchange(), ids);
            })
        .thenCompose(taken -> publish(request, exchange(request), taken));
  }

  /** In the order in which they were lost; those that are not taken now are put back. */
  private CompletionStage<Answer> publish(
      ApiRequest request, String exchange, List<DroppedMessages.Dropped> taken) {
    List<DroppedMessages.Dropped> back = new ArrayList<>();
    Map<String, Integer> failed = new TreeMap<>();
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (DroppedMessages.Dropped dropped : taken) {
      all =
          all.thenCompose(before -> again(request, dropped))
              .thenAccept(
                  refusal -> {
                    if (refusal != null) {
                      back.add(dropped);
                      failed.merge(refusal, 1, Integer::sum);
                    }
                  });
    }
    return all.thenCompose(done -> node.commands().keepDropped(request.vhost(), exchange, back))
        .thenApply(
            done -> {
              ObjectNode body = Json.object().put("done", taken.size() - back.size());
              ObjectNode reasons = body.putObject("failed");
              failed.forEach(reasons::put);
              return Answer.of(body);
            });
  }

  /** Null when it was taken, else why not. */
  private CompletionStage<String> again(ApiRequest request, DroppedMessages.Dropped dropped) {
    if (!dropped.whole()) {
      return CompletableFuture.completedFuture("it was too large to be kept");
    }
    var message = dropped.message();
    return node.commands()
        .publish(
            request.actor(),
            request.vhost(),
            new DirectMessages.Publish(
                message.exchange(), message.routingKey(), message.properties(), message.body()))
        .handle(
            (published, failure) -> {
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              if (cause instanceof AmqpException refusal) {
                return ApiException.bare(refusal);
              }
              if (cause != null) {
                LOG.error("a dropped message could not be published again", cause);
                return "a fault of the broker; see its log";
              }
              return switch (published) {
                case ROUTED -> null;
                case UNROUTABLE -> "no queue takes it";
                case REJECTED -> "the queue is full";
              };
            });
  }
}
