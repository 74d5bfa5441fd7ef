package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.harveymq.management.json.Json;
import io.harveymq.server.http.HttpCall;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;

/** Asks the HTTP API of a broker. One thread. */
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

  /**
   * A path with encoded names in it.
   *
   * @param path with {@code {}} for each name
   */
  static String path(String path, String... names) {
    StringBuilder whole = new StringBuilder(path);
    for (String name : names) {
      int at = whole.indexOf("{}");
      whole.replace(at, at + 2, HttpCall.encode(name));
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
    Map<String, String> all = new HashMap<>(headers);
    all.put("Authorization", control.authorization());
    try {
      HttpCall.Answer answer =
          new HttpCall(method, uri, all, body, timeoutMillis, this::pin).send();
      Reply reply = new Reply(answer.status(), document(answer.body()));
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

  private void pin(HttpsURLConnection secure) {
    if (control.certificate() != null) {
      PinnedTls.apply(secure, control.certificate());
    }
  }

  private static JsonNode document(byte[] bytes) {
    try {
      return bytes.length == 0 ? MissingNode.getInstance() : Json.read(bytes);
    } catch (IOException noJson) {
      return MissingNode.getInstance();
    }
  }
}
