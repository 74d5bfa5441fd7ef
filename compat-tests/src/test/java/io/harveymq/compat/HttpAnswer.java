package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/** What the HTTP API answered, with the assertions that every suite makes. Immutable. */
final class HttpAnswer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpResponse<byte[]> response;

  HttpAnswer(HttpResponse<byte[]> response) {
    this.response = response;
  }

  int status() {
    return response.statusCode();
  }

  byte[] octets() {
    return response.body();
  }

  String body() {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** The header's value; null if there is none. */
  String header(String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  /** The body, which has to be JSON. */
  JsonNode json() {
    try {
      return JSON.readTree(response.body());
    } catch (IOException noJson) {
      throw new UncheckedIOException(toString(), noJson);
    }
  }

  /** Fails unless the status is this one. */
  HttpAnswer hasStatus(int expected) {
    assertThat(status()).as(toString()).isEqualTo(expected);
    return this;
  }

  /** Fails unless the status is this one and there is no body. */
  HttpAnswer isEmpty(int expected) {
    hasStatus(expected);
    assertThat(body()).as(toString()).isEmpty();
    return this;
  }

  /** The body of an answer whose status has to be 200. */
  JsonNode ok() {
    return hasStatus(200).json();
  }

  /** Fails unless the answer is an error with exactly this body; the reason may be any JSON. */
  void isError(int expectedStatus, String error, Object reason) {
    hasStatus(expectedStatus);
    JsonNode expected = JSON.createObjectNode().put("error", error).putPOJO("reason", reason);
    assertThat(json()).as(toString()).isEqualTo(parse(expected.toString()));
    assertThat(header("content-type")).isEqualTo("application/json");
  }

  /** The same with status 400 and {@code bad_request}. */
  void isBadRequest(Object reason) {
    isError(400, "bad_request", reason);
  }

  /** What is answered where a thing does not exist. */
  void isNotFound() {
    isError(404, "Object Not Found", "Not Found");
  }

  /** What is answered when a key of the body is missing. */
  void misses(String key) {
    isBadRequest("[{key_missing," + key + "}]");
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException noJson) {
      throw new UncheckedIOException(json, noJson);
    }
  }

  /** A Java value as JSON. */
  static JsonNode tree(Object value) {
    return JSON.valueToTree(value);
  }

  /** The names of an object's fields, sorted. */
  static TreeSet<String> fields(JsonNode object) {
    assertThat(object.isObject()).as("an object: " + object).isTrue();
    TreeSet<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The values of a field in all items of an array, as text. */
  static List<String> column(JsonNode array, String field) {
    assertThat(array.isArray()).as("an array: " + array).isTrue();
    return array.findValuesAsText(field);
  }

  @Override
  public String toString() {
    return "%s %s -> %d %s"
        .formatted(response.request().method(), response.request().uri(), status(), body());
  }
}
