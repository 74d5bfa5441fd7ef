package io.harveymq.management.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.channel.DirectMessages.Afterwards;
import io.harveymq.broker.channel.DirectMessages.Get;
import io.harveymq.broker.channel.DirectMessages.Got;
import io.harveymq.codec.AmqpException;
import io.harveymq.codec.ReplyCode;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.MessageJson;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /api/queues/:vhost/:queue/get}: takes messages, and puts them back if that is asked
 * for. Owned by the HTTP server's event loop.
 */
final class QueueMessages {
  private final Node node;

  QueueMessages(Node node) {
    this.node = node;
  }

  CompletionStage<Answer> get(ApiRequest request) {
    ObjectNode body = request.body();
    ApiRequest.require(body, "ackmode", "count", "encoding");
    String encoding = body.get("encoding").asText();
    if (!encoding.equals("auto") && !encoding.equals("base64")) {
      throw ApiException.badRequest("Unsupported encoding. Please use auto or base64.");
    }
    long asked = integer(body.get("count"));
    int count = asked < 0 ? Integer.MAX_VALUE : (int) Math.min(asked, Integer.MAX_VALUE);
    long truncate = body.has("truncate") ? integer(body.get("truncate")) : -1;
    Get get = new Get(request.path("queue"), count, afterwards(body.get("ackmode").asText()));
    return node.commands()
        .get(request.actor(), request.vhost(), get)
        .handle(
            (messages, failure) -> {
              if (failure != null) {
                throw refusal(failure);
              }
              return Answer.of(json(messages, encoding.equals("base64"), truncate));
            });
  }

  private static Afterwards afterwards(String mode) {
    return switch (mode) {
      case "ack_requeue_true" -> Afterwards.REQUEUE_BY_NACK;
      case "ack_requeue_false" -> Afterwards.ACK;
      case "reject_requeue_true" -> Afterwards.REQUEUE_BY_REJECT;
      case "reject_requeue_false" -> Afterwards.REJECT;
      default ->
          throw ApiException.badRequest(
              "unknown ackmode '"
                  + mode
                  + "'; use ack_requeue_true, ack_requeue_false, reject_requeue_true or"
                  + " reject_requeue_false");
    };
  }

  /** A whole number, which may be given as text; of others the whole part counts. */
  private static long integer(JsonNode value) {
    if (value.isNumber()) {
      return value.longValue();
    }
    try {
      return Long.parseLong(value.asText());
    } catch (NumberFormatException none) {
      throw ApiException.badRequest(Json.array().add("not_integer").add(value));
    }
  }

  private static ArrayNode json(List<Got> messages, boolean base64, long truncate) {
    ArrayNode all = Json.array();
    for (Got got : messages) {
      ObjectNode message = all.addObject();
      MessageJson.put(message, got.message(), base64, truncate);
      message.put("redelivered", got.redelivered());
      message.put("message_count", got.left());
    }
    return all;
  }

  private static RuntimeException refusal(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (!(cause instanceof AmqpException refusal)) {
      return new CompletionException(cause);
    }
    if (refusal.replyCode() == ReplyCode.ACCESS_REFUSED) {
      return ApiException.notAuthorised(refusal.replyText());
    }
    if (refusal.replyCode() == ReplyCode.NOT_FOUND) {
      return ApiException.notFound(refusal.replyText());
    }
    return refusal.replyCode() == ReplyCode.NOT_IMPLEMENTED
        ? ApiException.badRequest(540 + " " + ApiException.bare(refusal))
        : ApiException.ofChannel(refusal);
  }
}
