package io.harveymq.management.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.harveymq.codec.AmqpException;

/** An answer that is an error, as RabbitMQ words it. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String error;
  private final transient JsonNode reason;

  private ApiException(int status, String error, JsonNode reason) {
    super(reason.isTextual() ? reason.textValue() : reason.toString(), null, false, false);
    this.status = status;
    this.error = error;
    this.reason = reason;
  }

  /** 400 with a text. */
  public static ApiException badRequest(String reason) {
    return new ApiException(400, "bad_request", TextNode.valueOf(reason));
  }

  /** 400 with a reason that has a structure. */
  public static ApiException badRequest(JsonNode reason) {
    return new ApiException(400, "bad_request", reason);
  }

  /** 404 for an object that is not there. */
  public static ApiException notFound() {
    return new ApiException(404, "Object Not Found", TextNode.valueOf("Not Found"));
  }

  /** 404 for what a request names that is not there, such as {@code vhost_not_found}. */
  public static ApiException notFound(String reason) {
    return new ApiException(404, "not_found", TextNode.valueOf(reason));
  }

  /** 401 for a user who may not do that. */
  public static ApiException notAuthorised(String reason) {
    return new ApiException(401, "not_authorised", TextNode.valueOf(reason));
  }

  /** Another status. */
  public static ApiException of(int status, String error, String reason) {
    return new ApiException(status, error, TextNode.valueOf(reason));
  }

  /**
   * What the broker refused, in RabbitMQ's form for changes of the topology: the bare text.
   *
   * @see #ofChannel
   */
  public static ApiException of(AmqpException refusal) {
    String text = bare(refusal);
    return switch (refusal.replyCode()) {
      case NOT_FOUND -> notFound(text);
      case ACCESS_REFUSED -> notAuthorised("Access refused.");
      default -> badRequest(text);
    };
  }

  /** What the broker refused, in RabbitMQ's form for publish and get: with code and name. */
  public static ApiException ofChannel(AmqpException refusal) {
    return badRequest(refusal.replyCode().code() + " " + refusal.replyText());
  }

  /** The reply text without the name of the code before it. */
  public static String bare(AmqpException refusal) {
    String prefix = refusal.replyCode().name() + " - ";
    String text = refusal.replyText();
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  public int status() {
    return status;
  }

  String error() {
    return error;
  }

  /** What is wrong: a text, or what RabbitMQ makes of an Erlang term. */
  public JsonNode reason() {
    return reason;
  }
}
