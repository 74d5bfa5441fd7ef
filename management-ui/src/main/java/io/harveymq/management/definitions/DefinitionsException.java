package io.harveymq.management.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.broker.auth.AccessException;
import io.harveymq.broker.policy.PolicyException;
import io.harveymq.codec.AmqpException;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.json.Json;
import java.util.concurrent.CompletionException;

/** Definitions can't be imported; the message says what of them, and why. */
public final class DefinitionsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient JsonNode reason;

  DefinitionsException(String object, JsonNode reason) {
    super(
        object + ": " + (reason.isTextual() ? reason.textValue().strip() : reason.toString()),
        null,
        false,
        false);
    this.reason = reason;
  }

  /** What RabbitMQ answers over HTTP: a text, or what it makes of an Erlang term. */
  public JsonNode reason() {
    return reason;
  }

  /**
   * The same for what went wrong with an object.
   *
   * @param object such as {@code queue 'q' in vhost '/'}
   * @return null for what is a fault of the broker
   */
  static DefinitionsException of(String object, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof DefinitionsException known) {
      return known;
    }
    if (cause instanceof ApiException api) {
      return new DefinitionsException(object, api.reason());
    }
    if (cause instanceof AmqpException refusal) {
      return text(object, ApiException.bare(refusal));
    }
    boolean known = cause instanceof AccessException || cause instanceof PolicyException;
    return known ? text(object, cause.getMessage()) : null;
  }

  private static DefinitionsException text(String object, String reason) {
    return new DefinitionsException(object, Json.object().textNode(reason));
  }
}
