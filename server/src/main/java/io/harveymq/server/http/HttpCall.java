package io.harveymq.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.HttpsURLConnection;

/**
 * One request of a command line tool. By the oldest HTTP client that Java has, because it is loaded
 * in a tenth of the time that the newer one needs. Immutable; any thread.
 *
 * @param method such as GET
 * @param uri the whole address
 * @param headers to send besides the type of the body
 * @param body JSON, or null
 * @param timeoutMillis to connect, and again for an answer; 0 for any time
 * @param tls told of a connection with TLS before it is opened
 */
public record HttpCall(
    String method,
    URI uri,
    Map<String, String> headers,
    byte[] body,
    int timeoutMillis,
    Consumer<HttpsURLConnection> tls) {
  static {
    // What is not answered may have been done: to send it again could publish a message twice.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  /**
   * What was answered.
   *
   * @param status of HTTP
   * @param phrase behind the status; may be null
   * @param body empty when there is none
   */
  public record Answer(int status, String phrase, byte[] body) {}

  /**
   * Asks, and waits for the answer.
   *
   * @throws IOException when there is none
   */
  public Answer send() throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    if (connection instanceof HttpsURLConnection secure) {
      tls.accept(secure);
    }
    connection.setRequestMethod(method);
    // Of anything else it would make a GET, which changes nothing and succeeds.
    connection.setInstanceFollowRedirects(method.equals("GET"));
    connection.setConnectTimeout(timeoutMillis);
    connection.setReadTimeout(timeoutMillis);
    headers.forEach(connection::setRequestProperty);
    if (body != null) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
    }
    int status = connection.getResponseCode();
    boolean failed = status >= HttpURLConnection.HTTP_BAD_REQUEST;
    InputStream stream = failed ? connection.getErrorStream() : connection.getInputStream();
    byte[] answered = stream == null ? new byte[0] : stream.readAllBytes();
    return new Answer(status, connection.getResponseMessage(), answered);
  }

  /**
   * Has a thread load meanwhile what the first call needs: Java looks into every jar for other
   * clients than its own.
   */
  public static void prepare() {
    Thread loader = new Thread(HttpCall::load, "HTTP client");
    loader.setDaemon(true);
    loader.start();
  }

  private static void load() {
    try {
      URI.create("http://localhost/").toURL().openConnection(); // which does not connect yet
    } catch (IOException unlikely) {
      // the call will tell
    }
  }

  /** A segment of a path, or a value of a query (RFC 3986). */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  /** Without what lets one in. */
  @Override
  public String toString() {
    return method + " " + uri;
  }
}
