package io.harveymq.management.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What is answered to a request. Immutable.
 *
 * @param body null for none
 * @param headers besides the usual ones
 */
public record Answer(int status, JsonNode body, Map<String, String> headers) {
  private static final String FILE = "content-disposition";
  private static final Answer NO_CONTENT = new Answer(204, null, Map.of());
  private static final Answer CREATED = new Answer(201, null, Map.of());

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

  /** A file to keep: each item of its lists is on a line of its own. */
  public static Answer file(String name, JsonNode body) {
    return of(body).with(FILE, "attachment; filename=\"" + name + "\"");
  }

  boolean isFile() {
    return headers.containsKey(FILE);
  }

  /** The same with a header. */
  public Answer with(String header, String value) {
    return new Answer(status, body, Map.of(header, value));
  }
}
