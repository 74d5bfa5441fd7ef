package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.RecordingControl;
import io.harveymq.broker.auth.AccessRules;
import io.harveymq.broker.recording.RecordedMessage;
import io.harveymq.broker.recording.Recording;
import io.harveymq.broker.recording.RecordingRule;
import io.harveymq.broker.recording.Recordings;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.MessageJson;
import io.harveymq.management.json.RecordingJson;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * {@code /api/dev/recordings}: what is published, recorded to look at it, to keep it as a file, and
 * to {@linkplain ReplaysResource publish it again}. Who records an exchange or queue needs the
 * right to read it; who records a whole virtual host, the tag policymaker, and sees of it what he
 * may read. Owned by the HTTP server's event loop.
 */
public final class RecordingsResource {
  private static final String ONE = "/dev/recordings/:vhost/:id";
  private static final int DEFAULT_LIMIT = 50;
  private static final int MOST = 500;
  private static final int SHOWN_BYTES = 64 << 10;
  private static final List<String> KEYS =
      List.of("exchange", "queue", "max_messages", "max_bytes", "for_ms");

  private final Node node;

  public RecordingsResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoints. */
  public void addTo(ApiRoutes routes) {
    routes.get("/dev/recordings", Right.MANAGEMENT, this::all);
    routes.get("/dev/recordings/:vhost", Right.VHOST, this::ofVhost);
    routes.post("/dev/recordings/:vhost", Right.VHOST, this::begin);
    routes.get(ONE, Right.VHOST, this::one);
    routes.post(ONE + "/stop", Right.VHOST, this::stop);
    routes.delete(ONE, Right.VHOST, this::delete);
    routes.get(ONE + "/messages", Right.VHOST, this::messages);
    routes.get(ONE + "/file", Right.VHOST, this::file);
  }

  private RecordingControl recordings() {
    return node.broker().recordings();
  }

  // ---- the recordings

  private CompletionStage<Answer> all(ApiRequest request) {
    return list(recordings().submitAll(request.visibleVhosts(), Recordings::all));
  }

  private CompletionStage<Answer> ofVhost(ApiRequest request) {
    return list(recordings().submit(request.vhost(), Recordings::all));
  }

  private CompletionStage<Answer> list(CompletionStage<List<Recording>> found) {
    return found.thenApplyAsync(
        all -> {
          ArrayNode list = Json.array();
          all.forEach(one -> list.add(json(one)));
          return Answer.of(list);
        },
        node.answers());
  }

  private CompletionStage<Answer> begin(ApiRequest request) {
    RecordingRule rule = rule(request.body());
    if (rule.exchange() == null && rule.queue() == null && !request.has(Right.POLICYMAKER)) {
      throw ApiException.notAuthorised(
          "to record a whole virtual host needs the tag policymaker; give exchange or queue");
    }
    return ReadableRecording.require(node, request, rule.exchange(), rule.queue())
        .thenCompose(may -> recordings().submitBegin(request.vhost(), request.user().name(), rule))
        .handleAsync(DevRequests::orRefused, node.answers())
        .thenApply(begun -> Answer.of(json(begun)));
  }

  private CompletionStage<Answer> one(ApiRequest request) {
    return found(request, all -> all.recording(DevRequests.id(request)));
  }

  /** One that is there, after something was done with it. */
  private CompletionStage<Answer> found(
      ApiRequest request, Function<Recordings, Recording> question) {
    return recordings()
        .submit(request.vhost(), question)
        .thenApplyAsync(
            recording -> {
              if (recording == null) {
                throw ApiException.notFound();
              }
              return Answer.of(json(recording));
            },
            node.answers());
  }

  private CompletionStage<Answer> stop(ApiRequest request) {
    return requireOwn(request)
        .thenCompose(own -> found(request, all -> all.stop(DevRequests.id(request))));
  }

  private CompletionStage<Answer> delete(ApiRequest request) {
    return requireOwn(request)
        .thenCompose(
            own -> recordings().submit(request.vhost(), all -> all.remove(DevRequests.id(request))))
        .thenApplyAsync(
            was -> {
              if (!was) {
                throw ApiException.notFound();
              }
              return Answer.noContent();
            },
            node.answers());
  }

  /** Who began it stops and deletes it, or an administrator does. */
  private CompletionStage<Void> requireOwn(ApiRequest request) {
    long id = DevRequests.id(request);
    return recordings()
        .submit(request.vhost(), all -> all.recording(id))
        .thenAcceptAsync(
            recording -> {
              if (recording == null) {
                throw ApiException.notFound();
              }
              request.requireOwner(recording.user(), Right.ADMINISTRATOR);
            },
            node.answers());
  }

  // ---- what they have

  private CompletionStage<Answer> messages(ApiRequest request) {
    int offset = BrowseResource.number(request, "offset", 0, RecordingRule.MOST_MESSAGES);
    int limit = BrowseResource.number(request, "limit", DEFAULT_LIMIT, MOST);
    int truncate = BrowseResource.number(request, "truncate", SHOWN_BYTES, Integer.MAX_VALUE);
    boolean typed = BrowseResource.typed(request);
    return ReadableRecording.of(node, request, DevRequests.id(request), offset, limit)
        .thenApply(
            part -> {
              ObjectNode body = Json.object();
              body.put("total", part.recording().messages());
              body.put("offset", offset);
              body.put("hidden", part.hidden().size());
              ArrayNode items = body.putArray("items");
              int position = offset;
              for (RecordedMessage message : part.messages()) {
                while (part.hidden().contains(position - offset)) {
                  position++;
                }
                ObjectNode item = RecordingJson.shown(message, truncate);
                if (typed) {
                  MessageJson.putHeaderTypes(item, message.content().properties());
                }
                items.add(item.put("position", position++));
              }
              return Answer.of(body);
            });
  }

  private CompletionStage<Answer> file(ApiRequest request) {
    long id = DevRequests.id(request);
    return ReadableRecording.of(node, request, id, 0, Integer.MAX_VALUE)
        .thenApply(
            part ->
                Answer.file(
                    "recording-" + id + ".json",
                    RecordingJson.write(part.recording(), part.messages(), part.hidden().size())));
  }

  // ---- JSON in and out

  private static RecordingRule rule(ObjectNode json) {
    DevBody body = new DevBody(json, "a recording", KEYS);
    RecordingRule.Builder rule = RecordingRule.builder();
    String exchange = body.text("exchange");
    rule.exchange(AccessRules.DEFAULT_EXCHANGE.equals(exchange) ? "" : exchange);
    rule.queue(body.text("queue"));
    body.number("max_messages", rule::maxMessages);
    body.number("max_bytes", rule::maxBytes);
    body.number("for_ms", millis -> rule.lasting(Duration.ofMillis(millis)));
    try {
      return rule.build();
    } catch (IllegalArgumentException wrong) {
      throw ApiException.badRequest(wrong.getMessage());
    }
  }

  private static ObjectNode json(Recording recording) {
    RecordingRule rule = recording.rule();
    ObjectNode body = Json.object();
    body.put("id", recording.id());
    body.put("vhost", recording.vhost());
    if (rule.exchange() != null) {
      body.put("exchange", RecordingJson.exchangeName(rule.exchange()));
    }
    if (rule.queue() != null) {
      body.put("queue", rule.queue());
    }
    if (recording.user() != null) {
      body.put("user", recording.user());
    }
    body.put("on", recording.on());
    if (!recording.on()) {
      body.put("ended_by", recording.end().toString());
    }
    body.put("messages", recording.messages());
    body.put("bytes", recording.bytes());
    body.put("began", recording.began());
    body.put("length_ms", recording.lengthMillis());
    body.put("left_ms", recording.leftMillis());
    body.put("max_messages", rule.maxMessages());
    if (rule.maxBytes() > 0) {
      body.put("max_bytes", rule.maxBytes());
    }
    return body;
  }
}
