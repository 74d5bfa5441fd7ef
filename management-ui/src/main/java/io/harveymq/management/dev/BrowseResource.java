package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.LossBound;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.channel.DirectRemoval;
import io.harveymq.broker.inspect.BrowsedMessage;
import io.harveymq.broker.queue.QueueType;
import io.harveymq.broker.queue.RecentKeys;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.LossQuery;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.MessageJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /api/dev/queues/:vhost/:queue/messages}: looks into a queue or stream without changing it;
 * deletes, moves and redrives chosen messages. Owned by the HTTP server's event loop.
 */
public final class BrowseResource {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MOST = 500;

  /** Bytes of a payload that a list shows. */
  private static final int SHOWN_BYTES = 64 << 10;

  /** Priority, position and, behind an at sign, the incarnation of the queue. */
  private static final Pattern PLACE = Pattern.compile("(\\d{1,9}):(-?\\d{1,18})(?:@(\\w{1,7}))?");

  private static final String PATH = "/dev/queues/:vhost/:queue/messages";

  private static final String UNTIL = "until has to be a list of places, as browsing tells it";

  private final Node node;

  public BrowseResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get(PATH, Right.VHOST, this::browse);
    routes.get("/dev/queues/:vhost/:queue/keys", Right.VHOST, this::keys);
    routes.post(PATH + "/delete", Right.VHOST, this::delete);
    routes.post(PATH + "/move", Right.VHOST, this::move);
    routes.post(PATH + "/redrive", Right.VHOST, this::redrive);
  }

  /** Looking at contents needs the right that taking them would need. */
  private CompletionStage<Answer> browse(ApiRequest request) {
    String state = request.query("state");
    if (state != null && !List.of("ready", "unacked", "delayed", "").contains(state)) {
      throw ApiException.badRequest("unknown state; use ready, unacked or delayed");
    }
    int limit = number(request, "limit", DEFAULT_LIMIT, MOST);
    int shown = number(request, "truncate", SHOWN_BYTES, Integer.MAX_VALUE);
    String queue = request.path("queue");
    return Readable.requireQueue(node, request, queue)
        .thenCompose(may -> node.inspection().queue(request.vhost(), queue))
        .thenCompose(
            info ->
                info != null && info.type() == QueueType.STREAM
                    ? StreamMessages.browse(node, request, limit, shown)
                        .thenCompose(answer -> stillReadable(request, queue, answer))
                    : browse(request, state, limit, shown));
  }

  private CompletionStage<Answer> stillReadable(ApiRequest request, String queue, Answer answer) {
    return Readable.requireQueue(node, request, queue).thenApply(may -> answer);
  }

  private CompletionStage<Answer> browse(ApiRequest request, String state, int limit, int shown) {
    String queue = request.path("queue");
    String wanted = state == null || state.isEmpty() ? null : state;
    return QueueContents.of(node, request.vhost(), queue)
        .thenCompose(all -> new QueuePage(request, all, wanted, limit, shown).make())
        .thenCompose(page -> stillReadable(request, queue, Answer.of(page)));
  }

  /** Keys tell of contents, and need the same right. */
  private CompletionStage<Answer> keys(ApiRequest request) {
    String queue = request.path("queue");
    return Readable.requireQueue(node, request, queue)
        .thenCompose(may -> node.inspection().lately().keys(request.vhost(), queue))
        .thenApply(
            all -> {
              ArrayNode keys = Json.array();
              for (RecentKeys.Seen seen : all) {
                keys.addObject()
                    .put("exchange", seen.exchange())
                    .put("routing_key", seen.routingKey())
                    .put("seen", seen.seen());
              }
              return Answer.of(keys);
            });
  }

  /**
   * A number of the query.
   *
   * @param most that it is brought down to
   * @throws ApiException 400 when it is none, or negative
   */
  static int number(ApiRequest request, String name, int otherwise, int most) {
    String text = request.query(name);
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= 0) {
        return Math.min(value, most);
      }
    } catch (NumberFormatException none) {
      // Told below, as a negative number is.
    }
    throw ApiException.badRequest(name + " has to be a whole number from 0 on");
  }

  /** Whether the types of headers are to be told, too: {@code types=true}. */
  static boolean typed(ApiRequest request) {
    return "true".equals(request.query("types"));
  }

  /** As the API shows it, with so many bytes of its body. */
  static ObjectNode json(BrowsedMessage message, long position, int shown) {
    ObjectNode body = Json.object();
    body.put("id", message.id());
    body.put("place", message.place());
    body.put("position", position);
    body.put("state", QueueContents.state(message));
    body.put("redelivered", message.redelivered());
    MessageJson.put(body, message.message(), false, shown);
    ReadableStories.put(body, message.message());
    if (message.ageMillis() >= 0) {
      body.put("age_ms", message.ageMillis());
    }
    if (message.unacknowledged()) {
      body.put("held_ms", message.heldMillis());
      ObjectNode consumer = body.putObject("consumer");
      consumer.put("tag", message.consumer());
      consumer.put("connection", message.connection());
    }
    return body;
  }

  // ---- chosen messages

  private CompletionStage<Answer> delete(ApiRequest request) {
    return node.commands()
        .deleteMessages(request.actor(), request.vhost(), selection(request))
        .thenApply(BrowseResource::answer);
  }

  private CompletionStage<Answer> move(ApiRequest request) {
    ObjectNode body = request.body();
    ApiRequest.require(body, "exchange");
    String exchange = ApiRequest.text(body, "exchange", "");
    DirectRemoval.Target target =
        new DirectRemoval.ToExchange(
            exchange.equals(AccessRules.DEFAULT_EXCHANGE) ? "" : exchange,
            ApiRequest.text(body, "routing_key", null));
    return moveTo(request, target);
  }

  private CompletionStage<Answer> redrive(ApiRequest request) {
    return moveTo(request, new DirectRemoval.WhereItDied());
  }

  private CompletionStage<Answer> moveTo(ApiRequest request, DirectRemoval.Target target) {
    return node.commands()
        .moveMessages(request.actor(), request.vhost(), selection(request), target)
        .thenApply(BrowseResource::answer);
  }

  private static DirectRemoval.Selection selection(ApiRequest request) {
    ObjectNode body = request.body();
    String queue = request.path("queue");
    LossBound most = LossQuery.of(request, LossQuery.OF_MESSAGES + "delete");
    Set<String> ids = DevBody.idsOrAll(body);
    if (ids == null) {
      JsonNode until = body.get("until");
      return new DirectRemoval.Selection(queue, null, until(until), incarnation(until), most);
    }
    return new DirectRemoval.Selection(queue, ids, null, null, most);
  }

  /** The last position by priority, as ids: {@code ["0:17@k3x","5:2@k3x"]}; null for no end. */
  private static Map<Integer, Long> until(JsonNode places) {
    if (places == null || places.isNull()) {
      return null;
    }
    Map<Integer, Long> last = new HashMap<>();
    if (!places.isArray()) {
      throw ApiException.badRequest(UNTIL);
    }
    for (JsonNode place : places) {
      Matcher parts = PLACE.matcher(place.isTextual() ? place.textValue() : "");
      if (!parts.matches()) {
        throw ApiException.badRequest(UNTIL);
      }
      last.put(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)));
    }
    return last;
  }

  /** The queue that {@link #until} was told of; null where it does not say. */
  private static String incarnation(JsonNode places) {
    if (places == null || places.isEmpty()) {
      return null;
    }
    Matcher parts = PLACE.matcher(places.get(0).asText());
    return parts.matches() ? parts.group(3) : null;
  }

  /** What came of it. */
  static Answer answer(DirectRemoval.Outcome outcome) {
    ObjectNode body = Json.object();
    body.put("done", outcome.done());
    ObjectNode failed = body.putObject("failed");
    outcome.failed().forEach(failed::put);
    body.put("gone", outcome.gone());
    return Answer.of(body);
  }
}
