package io.harveymq.management.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.channel.DirectMessages;
import io.harveymq.codec.AmqpException;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.ReplyCode;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.http.ApiRoutes;
import io.harveymq.management.http.Right;
import io.harveymq.management.json.Json;
import io.harveymq.management.json.MessageJson;
import io.harveymq.management.json.PropertiesJson;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * {@code /api/exchanges/.../publish}, and {@code /api/dev/exchanges/.../publish}. Owned by the HTTP
 * server's event loop.
 */
public final class PublishResource {
  private final Node node;

  public PublishResource(Node node) {
    this.node = node;
  }

  /** Adds its endpoint. */
  public void addTo(ApiRoutes routes) {
    routes.post(
        "/exchanges/:vhost/:exchange/publish",
        Right.VHOST,
        request -> publish(request, PublishResource::properties));
    routes.post("/dev/exchanges/:vhost/:exchange/publish", Right.VHOST, this::publishTyped);
  }

  /** Takes the types of headers, too, as those who show messages tell them. */
  private CompletionStage<Answer> publishTyped(ApiRequest request) {
    return publish(
        request,
        body -> {
          JsonNode types = body.get(MessageJson.HEADER_TYPES);
          return types == null || types.isNull()
              ? properties(body)
              : PropertiesJson.read(body.get("properties"), types);
        });
  }

  private static BasicProperties properties(ObjectNode body) {
    return PropertiesJson.read(body.get("properties"));
  }

  private CompletionStage<Answer> publish(
      ApiRequest request, Function<ObjectNode, BasicProperties> properties) {
    ObjectNode body = request.body();
    ApiRequest.require(body, "routing_key", "properties", "payload", "payload_encoding");
    JsonNode payload = body.get("payload");
    if (!payload.isTextual()) {
      throw ApiException.badRequest("payload_not_string");
    }
    DirectMessages.Publish message =
        new DirectMessages.Publish(
            ExchangesResource.nameOf(request.path("exchange")),
            body.get("routing_key").asText(),
            properties.apply(body).encoded(),
            decoded(payload.textValue(), body.get("payload_encoding")));
    return node.commands()
        .publish(request.actor(), request.vhost(), message)
        .handle(
            (published, failure) -> {
              if (failure != null) {
                throw asRabbitMq(request, failure);
              }
              if (published == DirectMessages.Published.REJECTED) {
                throw ApiException.badRequest(
                    "rejected Unable to publish message. Check queue limits.");
              }
              boolean routed = published == DirectMessages.Published.ROUTED;
              return Answer.of(Json.object().put("routed", routed));
            });
  }

  private static byte[] decoded(String payload, JsonNode encoding) {
    if (encoding.asText().equals("string")) {
      return payload.getBytes(StandardCharsets.UTF_8);
    }
    if (encoding.asText().equals("base64")) {
      try {
        return MessageJson.decoded(payload);
      } catch (IllegalArgumentException undecodable) {
        throw ApiException.badRequest(Json.array().add("not_base64").add(payload));
      }
    }
    throw ApiException.badRequest(Json.array().add("unsupported_encoding").add(encoding));
  }

  /**
   * Publishing goes through a channel in RabbitMQ, whose errors are shown with code and name. Who
   * may not use the virtual host gets none.
   */
  private static RuntimeException asRabbitMq(ApiRequest request, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (!(cause instanceof AmqpException refusal)) {
      return new CompletionException(cause);
    }
    boolean opens = refusal.replyCode() != ReplyCode.ACCESS_REFUSED || request.mayUseVhost();
    return opens ? ApiException.ofChannel(refusal) : ApiException.of(refusal);
  }
}
