package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.harveymq.management.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;

/**
 * Asks the HTTP API of a broker. By the oldest HTTP client that Java has, because it is loaded in a
 * tenth of the time that the newer one needs. One thread.
 */
final class Api {
  /** What was answered: status and document, which is missing when there is none. */
  record Reply(int status, JsonNode body) {
    boolean isOk() {
      return status < HttpURLConnection.HTTP_MULT_CHOICE;
    }

    boolean isMissing() {
      return status == HttpURLConnection.HTTP_NOT_FOUND;
    }

    /** What the broker says is wrong. */
    String reason() {
      JsonNode reason = body.path("reason");
      return reason.isTextual() ? reason.textValue() : reason.toString();
    }
  }

  private final ControlFile control;
  private final int timeoutMillis;

  /**
   * @param timeoutMillis for one answer; 0 for any time
   */
  Api(ControlFile control, int timeoutMillis) {
    this.control = control;
    this.timeoutMillis = timeoutMillis;
  }

  /** What is known of the broker. */
  ControlFile control() {
    return control;
  }

  /** A segment of a path. */
  static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * A path with encoded names in it.
   *
   * @param path with {@code {}} for each name
   */
  static String path(String path, String... names) {
    StringBuilder whole = new StringBuilder(path);
    for (String name : names) {
      int at = whole.indexOf("{}");
      whole.replace(at, at + 2, encode(name));
    }
    return whole.toString();
  }

  /** Reads a document, which has to be there. */
  JsonNode get(String path) throws CtlException {
    return require(ask("GET", path, null, Map.of())).body();
  }

  /** Reads what may be missing. */
  Reply tryGet(String path) throws CtlException {
    return ask("GET", path, null, Map.of());
  }

  Reply put(String path, JsonNode body) throws CtlException {
    return ask("PUT", path, Json.write(body), Map.of());
  }

  Reply post(String path, byte[] body) throws CtlException {
    return ask("POST", path, body, Map.of());
  }

  Reply delete(String path, Map<String, String> headers) throws CtlException {
    return ask("DELETE", path, null, headers);
  }

  Reply delete(String path) throws CtlException {
    return delete(path, Map.of());
  }

  /**
   * The reply, if it is a good one.
   *
   * @throws CtlException with what the broker says, if not
   */
  static Reply require(Reply reply) throws CtlException {
    if (!reply.isOk()) {
      throw CtlException.refused(reply.reason());
    }
    return reply;
  }

  private Reply ask(String method, String path, byte[] body, Map<String, String> headers)
      throws CtlException {
    URI uri = URI.create(control.uri() + "api/" + path);
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      if (connection instanceof HttpsURLConnection secure && control.certificate() != null) {
        PinnedTls.apply(secure, control.certificate());
      }
      connection.setRequestMethod(method);
      connection.setConnectTimeout(timeoutMillis);
      connection.setReadTimeout(timeoutMillis);
      connection.setRequestProperty("Authorization", control.authorization());
      headers.forEach(connection::setRequestProperty);
      if (body != null) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = connection.getOutputStream()) {
          out.write(body);
        }
      }
      Reply reply = new Reply(connection.getResponseCode(), document(connection));
      if (reply.status() == HttpURLConnection.HTTP_UNAUTHORIZED && !path.equals("login")) {
        throw refusedLogin(reply);
      }
      return reply;
    } catch (java.net.SocketTimeoutException late) {
      throw new CtlException(
          Exit.TEMPORARY,
          "Error: operation on node "
              + control.node()
              + " timed out. Timeout value used: "
              + timeoutMillis);
    } catch (UnknownHostException unknown) {
      throw Unreachable.of(control.node(), "the host " + uri.getHost() + " is not known");
    } catch (IOException broken) {
      throw Unreachable.of(control.node(), uri.getAuthority() + ": " + broken.getMessage());
    }
  }

  private CtlException refusedLogin(Reply reply) {
    String said = reply.body().isMissingNode() ? "" : ": " + reply.reason();
    return Unreachable.of(control.node(), control.uri() + " does not let this command in" + said);
  }

  private static JsonNode document(HttpURLConnection connection) throws IOException {
    boolean failed = connection.getResponseCode() >= HttpURLConnection.HTTP_BAD_REQUEST;
    InputStream stream = failed ? connection.getErrorStream() : connection.getInputStream();
    byte[] bytes = stream == null ? new byte[0] : stream.readAllBytes();
    try {
      return bytes.length == 0 ? MissingNode.getInstance() : Json.read(bytes);
    } catch (IOException noJson) {
      return MissingNode.getInstance();
    }
  }
}
