package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.RecordingControl;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.recording.Replay;
import io.harveymq.broker.recording.ReplayRule;
import io.harveymq.broker.recording.Replayer;
import io.harveymq.codec.AmqpException;
import io.harveymq.codec.ReplyCode;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.RecordingJson;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * {@code /api/dev/replays}: recorded messages are published again, from a file that is sent or from
 * a recording that is there, with the rights of who asks for it. Owned by the HTTP server's event
 * loop.
 */
public final class ReplaysResource {
  private static final String ONE = "/dev/replays/:vhost/:id";
  private static final int LONGEST_WAIT = 50_000;
  private static final TreeSet<String> KEYS =
      new TreeSet<>(List.of("recording", "from", "speed", "times", "exchange", "wait"));

  private final Node node;
  private final ApiRoutes routes;

  /**
   * @param routes to ask whether the user may use a virtual host
   */
  public ReplaysResource(Node node, ApiRoutes routes) {
    this.node = node;
    this.routes = routes;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes all) {
    all.get("/dev/replays", Right.MANAGEMENT, this::all);
    all.post("/dev/replays/:vhost", Right.VHOST, this::begin);
    all.get(ONE, Right.VHOST, this::one);
    all.delete(ONE, Right.VHOST, this::stop);
  }

  private RecordingControl recordings() {
    return node.broker().recordings();
  }

  private CompletionStage<Answer> all(ApiRequest request) {
    return recordings()
        .submitAll(request.visibleVhosts(), all -> all.replays().all())
        .thenApplyAsync(
            found -> {
              ArrayNode list = Json.array();
              found.forEach(one -> list.add(json(one)));
              return Answer.of(list);
            },
            node.answers());
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    long id = DevRequests.id(request);
    return found(request, id).thenApply(replay -> Answer.of(json(replay)));
  }

  private CompletionStage<Replay> found(ApiRequest request, long id) {
    return recordings()
        .submit(request.vhost(), all -> all.replays().replay(id))
        .thenApplyAsync(
            replay -> {
              if (replay == null) {
                throw ApiException.notFound();
              }
              return replay;
            },
            node.answers());
  }

  /** Who began it stops it, or an administrator does. */
  private CompletionStage<Answer> stop(ApiRequest request) {
    long id = DevRequests.id(request);
    return found(request, id)
        .thenCompose(
            replay -> {
              request.requireOwner(replay.user(), Right.ADMINISTRATOR);
              return recordings().submit(request.vhost(), all -> all.replays().stop(id));
            })
        .thenApplyAsync(stopped -> Answer.of(json(stopped)), node.answers());
  }

  // ---- beginning

  private CompletionStage<Answer> begin(ApiRequest request) {
    for (Map.Entry<String, String> query : request.queries()) {
      if (!KEYS.contains(query.getKey())) {
        throw ApiException.badRequest(
            "a replay has no " + query.getKey() + "; it has " + String.join(", ", KEYS));
      }
    }
    ReplayRule rule = rule(request);
    int wait = BrowseResource.number(request, "wait", 0, LONGEST_WAIT);
    String recording = request.query("recording");
    long id = recording == null ? 0 : recordingId(recording);
    return source(request, id, rule)
        .thenCompose(source -> recordings().submitReplay(request.actor(), request.vhost(), source))
        .handleAsync(ReplaysResource::orRefused, node.answers())
        .thenCompose(replay -> overBy(request, replay, wait))
        .thenApply(replay -> Answer.of(json(replay)));
  }

  private static Replay orRefused(Replay begun, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof AmqpException refusal && refusal.replyCode() == ReplyCode.ACCESS_REFUSED) {
      throw ApiException.notAuthorised(ApiException.bare(refusal));
    }
    return DevRequests.orRefused(begun, failure);
  }

  private CompletionStage<Replayer.Source> source(
      ApiRequest request, long recording, ReplayRule rule) {
    String from = request.query("from");
    if (recording == 0) {
      if (from != null) {
        throw ApiException.badRequest(
            "from is the virtual host of a recording; name it with recording=ID");
      }
      if (request.bytes().length == 0) {
        throw ApiException.badRequest(
            "send the file of a recording, or name one that is here with recording=ID");
      }
      return request.waiting(() -> Replayer.Source.of(RecordingJson.read(request.bytes()), rule));
    }
    if (request.bytes().length > 0) {
      throw ApiException.badRequest("send a file or name a recording, not both");
    }
    ApiRequest there =
        from == null ? request : routes.again(request, new String[] {"dev", "recordings", from});
    return ReadableRecording.of(node, there, recording, 0, Integer.MAX_VALUE)
        .thenApply(part -> new Replayer.Source(recording, part.messages(), part.hidden(), rule));
  }

  private static long recordingId(String text) {
    try {
      long id = Long.parseLong(text);
      if (id > 0) {
        return id;
      }
    } catch (NumberFormatException none) {
      // the same as a number that no recording has
    }
    throw ApiException.badRequest("recording has to be the id of a recording");
  }

  private static ReplayRule rule(ApiRequest request) {
    String exchange = request.query("exchange");
    try {
      return new ReplayRule(
          speed(request.query("speed")),
          request.query("times") == null ? 1 : Integer.parseInt(request.query("times")),
          AccessRules.DEFAULT_EXCHANGE.equals(exchange) ? "" : exchange);
    } catch (NumberFormatException none) {
      throw ApiException.badRequest("speed and times have to be numbers");
    } catch (IllegalArgumentException wrong) {
      throw ApiException.badRequest(wrong.getMessage());
    }
  }

  private static double speed(String text) {
    if (text == null) {
      return 1;
    }
    return text.equals("max") ? 0 : Double.parseDouble(text);
  }

  /** How it stands when it is over, or after so many milliseconds of the machine's time. */
  private CompletionStage<Replay> overBy(ApiRequest request, Replay begun, int millis) {
    if (millis == 0) {
      return CompletableFuture.completedFuture(begun);
    }
    CompletableFuture<Replay> end = new CompletableFuture<>();
    var vertx = request.context().vertx();
    long timer = vertx.setTimer(millis, late -> end.complete(null));
    recordings()
        .whenOver(request.vhost(), begun.id())
        .whenCompleteAsync((over, failure) -> end.complete(over), node.answers());
    return end.thenCompose(
        over -> {
          vertx.cancelTimer(timer);
          return over == null ? now(request, begun) : CompletableFuture.completedFuture(over);
        });
  }

  private CompletionStage<Replay> now(ApiRequest request, Replay begun) {
    return recordings()
        .submit(request.vhost(), all -> all.replays().replay(begun.id()))
        .handleAsync(
            (replay, failure) -> {
              if (failure instanceof IllegalArgumentException) {
                throw ApiException.notFound("vhost_not_found");
              }
              return replay == null ? begun : replay;
            },
            node.answers());
  }

  private static ObjectNode json(Replay replay) {
    ObjectNode body = Json.object();
    body.put("id", replay.id());
    body.put("vhost", replay.vhost());
    if (replay.recording() > 0) {
      body.put("recording", replay.recording());
    }
    if (replay.user() != null) {
      body.put("user", replay.user());
    }
    body.put("speed", replay.rule().speed());
    body.put("times", replay.rule().times());
    if (replay.rule().exchange() != null) {
      body.put("exchange", RecordingJson.exchangeName(replay.rule().exchange()));
    }
    body.put("state", replay.state().toString());
    body.put("messages", replay.messages());
    if (replay.hidden() > 0) {
      body.put("hidden", replay.hidden());
    }
    body.put("published", replay.published());
    body.put("unroutable", replay.unroutable());
    body.put("rejected", replay.rejected());
    body.put("refused", replay.refused());
    if (replay.firstError() != null) {
      ObjectNode error = body.putObject("first_error");
      error.put("message", replay.firstError().message());
      error.put("reason", replay.firstError().reason());
    }
    body.put("began", replay.began());
    body.put("length_ms", replay.lengthMillis());
    return body;
  }
}
