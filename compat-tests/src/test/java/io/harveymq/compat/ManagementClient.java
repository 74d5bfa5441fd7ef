package io.harveymq.compat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/**
 * The HTTP API of the broker under test, as one user sees it. Paths begin after {@code /api} and
 * are sent as they are given, percent signs included. Any thread.
 */
final class ManagementClient {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private final String base;
  private final String authorization;

  private ManagementClient(URI base, String authorization) {
    this.base = base.toString();
    this.authorization = authorization;
  }

  /** The target's API as its first user, who may do everything. */
  static ManagementClient ofTarget() {
    return as(BrokerUnderTest.user(), BrokerUnderTest.password());
  }

  static ManagementClient as(String user, String password) {
    return authorized("Basic " + base64(user + ":" + password));
  }

  /** Another broker's API. */
  static ManagementClient at(URI base, String user, String password) {
    return new ManagementClient(base, "Basic " + base64(user + ":" + password));
  }

  /** With that for the header Authorization; null for none. */
  static ManagementClient authorized(String authorization) {
    return new ManagementClient(BrokerUnderTest.managementUri(), authorization);
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One segment of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  HttpAnswer get(String path) {
    return send("GET", path, null);
  }

  HttpAnswer delete(String path) {
    return send("DELETE", path, null);
  }

  /** A body that is no string is sent as JSON. */
  HttpAnswer put(String path, Object body) {
    return send("PUT", path, body);
  }

  /** A body that is no string is sent as JSON. */
  HttpAnswer post(String path, Object body) {
    return send("POST", path, body);
  }

  /** Without a body, and so without Content-Type, if the body is null. */
  HttpAnswer send(String method, String path, Object body, String... headers) {
    return request(method, "/api" + path, body, headers);
  }

  /**
   * Any path of the listener.
   *
   * @param headers names and values by turns
   */
  HttpAnswer request(String method, String path, Object body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    request.timeout(Duration.ofSeconds(30)).method(method, publisher(body));
    if (body != null) {
      request.setHeader("Content-Type", "application/json");
    }
    if (authorization != null) {
      request.setHeader("Authorization", authorization);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    try {
      return new HttpAnswer(send(request.build()));
    } catch (IOException failure) {
      throw new AssertionError(method + " " + path + ": " + failure, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /**
   * RabbitMQ closes a connection after an answer for which it did not read the request's body; the
   * next request may already be on its way there.
   */
  private static HttpResponse<byte[]> send(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return CLIENT.send(request, BodyHandlers.ofByteArray());
    } catch (IOException closed) {
      if (BrokerUnderTest.isEmbedded()) {
        throw closed;
      }
      return CLIENT.send(request, BodyHandlers.ofByteArray());
    }
  }

  private static BodyPublisher publisher(Object body) {
    if (body == null) {
      return BodyPublishers.noBody();
    }
    return BodyPublishers.ofString(
        body instanceof String text ? text : HttpAnswer.tree(body).toString());
  }

  /** The answer's JSON, which has to come with 200. */
  JsonNode read(String path) {
    return get(path).ok();
  }

  /** A message for the default exchange. */
  static Map<String, Object> message(String routingKey, String payload) {
    return Map.of(
        "routing_key",
        routingKey,
        "properties",
        Map.of(),
        "payload",
        payload,
        "payload_encoding",
        "string");
  }
}
