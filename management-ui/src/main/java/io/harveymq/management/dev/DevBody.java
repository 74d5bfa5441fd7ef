package io.harveymq.management.dev;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * The fields of a request's body, each of which may be missing. What is of another type, or not
 * known, is a 400 that says so. Used by the HTTP server's event loop.
 */
final class DevBody {
  private static final String IDS = "ids has to be a list of texts";

  private final ObjectNode body;

  /**
   * @param what the body describes, with its article
   * @param known all fields that it may have
   */
  DevBody(ObjectNode body, String what, List<String> known) {
    this.body = body;
    for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw ApiException.badRequest(
            what + " has no " + name + "; it has " + String.join(", ", known));
      }
    }
  }

  /** Null when it is missing. */
  String text(String key) {
    JsonNode value = body.get(key);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw ApiException.badRequest(key + " has to be a string");
    }
    return value.textValue();
  }

  /** Hands the number to the taker unless it is missing. */
  void number(String key, LongConsumer taker) {
    JsonNode value = body.get(key);
    if (value == null || value.isNull()) {
      return;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw ApiException.badRequest(key + " has to be a whole number");
    }
    taker.accept(value.longValue());
  }

  /**
   * Which ones a body chooses: {@code ids}, a list of texts or numbers.
   *
   * @throws ApiException 400 when it has another thing there, or nothing
   */
  static Set<String> ids(ObjectNode body) {
    ApiRequest.require(body, "ids");
    JsonNode list = body.get("ids");
    Set<String> ids = new LinkedHashSet<>();
    if (!list.isArray()) {
      throw ApiException.badRequest(IDS);
    }
    for (JsonNode id : list) {
      if (!id.isValueNode()) {
        throw ApiException.badRequest(IDS);
      }
      ids.add(id.asText());
    }
    return ids;
  }

  /**
   * The same where {@code "all":true} may stand instead.
   *
   * @return null for all
   * @throws ApiException 400 when it has both, or neither
   */
  static Set<String> idsOrAll(ObjectNode body) {
    if (!ApiRequest.bool(body, "all", false)) {
      return ids(body);
    }
    if (body.has("ids")) {
      throw ApiException.badRequest("it has both ids and all");
    }
    return null;
  }
}
