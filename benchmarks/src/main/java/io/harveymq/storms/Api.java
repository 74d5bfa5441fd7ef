package io.harveymq.storms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** The broker's HTTP API, as guest. Safe from any thread. */
public final class Api {
  static {
    // What it keeps open counts among the broker's handles.
    System.setProperty("jdk.httpclient.keepalive.timeout", "1");
  }

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LOGIN =
      "Basic " + Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));
  private static final int FIRST_ERROR = 400;

  private final String base;

  Api(int port) {
    base = "http://127.0.0.1:" + port + "/api/";
  }

  /**
   * Asks for something.
   *
   * @param path below {@code /api/}
   * @throws IOException for a status from 400 on, too
   */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(send(request(path).GET()));
  }

  /** Makes or changes something; the body is JSON. */
  public void put(String path, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
    send(request.PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Removes something that is there. */
  public void delete(String path) throws IOException, InterruptedException {
    send(request(path).DELETE());
  }

  /** What the API tells of a queue of the default virtual host. */
  public JsonNode queue(String name) throws IOException, InterruptedException {
    return get("queues/%2F/" + URLEncoder.encode(name, StandardCharsets.UTF_8));
  }

  /** How many there are of something that has a list, such as {@code connections}. */
  public int count(String list) throws IOException, InterruptedException {
    return get(list).size();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", LOGIN);
  }

  private static byte[] send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var answer = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    if (answer.statusCode() >= FIRST_ERROR) {
      String text = new String(answer.body(), StandardCharsets.UTF_8);
      throw new IOException(answer.request() + ": " + answer.statusCode() + " " + text);
    }
    return answer.body();
  }
}
