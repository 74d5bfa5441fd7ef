package io.harveymq.management.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;

/**
 * What is answered to a request. Immutable but for its parts.
 *
 * @param body null for none
 * @param parts of a file that is sent instead of a body, made one after another on threads that may
 *     wait; null for none
 * @param headers besides the usual ones
 */
public record Answer(
    int status, JsonNode body, Iterator<byte[]> parts, Map<String, String> headers) {
  private static final Answer NO_CONTENT = new Answer(204, null, Map.of());
  private static final Answer CREATED = new Answer(201, null, Map.of());

  /** One that is no file. */
  public Answer(int status, JsonNode body, Map<String, String> headers) {
    this(status, body, null, headers);
  }

  /** 200 with a document. */
  public static Answer of(JsonNode body) {
    return new Answer(200, body, Map.of());
  }

  /** 204. */
  public static Answer noContent() {
    return NO_CONTENT;
  }

  /** 201. */
  public static Answer created() {
    return CREATED;
  }

  /** 201 for what is new, 204 for what was changed. */
  public static Answer put(boolean isNew) {
    return isNew ? CREATED : NO_CONTENT;
  }

  /** A file to keep. */
  public static Answer file(String name, Iterator<byte[]> parts) {
    String disposition = "attachment; filename=\"" + name + "\"";
    return new Answer(200, null, parts, Map.of("content-disposition", disposition));
  }

  /** The same with a header. */
  public Answer with(String header, String value) {
    return new Answer(status, body, parts, Map.of(header, value));
  }
}
