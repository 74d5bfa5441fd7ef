package io.harveymq.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.management.json.Json;
import io.harveymq.server.http.HttpCall;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;

/** Asks the HTTP API of a broker, and tells what is wrong as rabbitmqadmin does. One thread. */
final class AdminApi {
  private static final int MILLIS = 1_000;

  private final Settings settings;

  AdminApi(Settings settings) {
    this.settings = settings;
  }

  /** Reads a document, as text. */
  String get(String path) throws AdminException {
    return ask("GET", path, null);
  }

  void put(String path, JsonNode body) throws AdminException {
    ask("PUT", path, Json.write(body));
  }

  String post(String path, byte[] body) throws AdminException {
    return ask("POST", path, body);
  }

  void delete(String path) throws AdminException {
    ask("DELETE", path, null);
  }

  /** A document that the broker has sent. */
  static JsonNode document(String text) throws AdminException {
    try {
      return Json.read(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw AdminException.refused("The answer is no JSON, so that this is no HTTP API: " + text);
    }
  }

  private String ask(String method, String below, byte[] body) throws AdminException {
    String path = settings.get(AdminOption.PATH_PREFIX) + "/api" + below;
    String login = settings.get(AdminOption.USERNAME) + ":" + settings.get(AdminOption.PASSWORD);
    String basic = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    Map<String, String> headers = Map.of("Authorization", "Basic " + basic);
    HttpCall.Answer answer;
    try {
      int timeout = settings.number(AdminOption.REQUEST_TIMEOUT) * MILLIS;
      answer = new HttpCall(method, uri(path), headers, body, timeout, this::secure).send();
    } catch (IOException failure) {
      throw notAnswered(failure);
    } catch (IllegalArgumentException wrong) {
      throw AdminException.usage(wrong.getMessage());
    }
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    switch (answer.status()) {
      case HttpURLConnection.HTTP_BAD_REQUEST -> throw AdminException.refused(reason(text));
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          throw AdminException.refused("Access refused: " + path);
      case HttpURLConnection.HTTP_NOT_FOUND -> throw AdminException.refused("Not found: " + path);
      default -> {
        if (answer.status() < HttpURLConnection.HTTP_MULT_CHOICE) {
          return text;
        }
        String phrase = answer.phrase() == null ? "" : answer.phrase();
        throw AdminException.refused(
            "Received response %d %s for path %s%n%s"
                .formatted(answer.status(), phrase, path, text));
      }
    }
  }

  private URI uri(String path) throws AdminException {
    String host = settings.get(AdminOption.HOSTNAME);
    String bracketed = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    String scheme = settings.isOn(AdminOption.SSL) ? "https" : "http";
    String whole = scheme + "://" + bracketed + ":" + settings.get(AdminOption.PORT) + path;
    try {
      return URI.create(whole);
    } catch (IllegalArgumentException broken) {
      throw AdminException.usage("This is no URI: " + whole);
    }
  }

  private static String reason(String body) throws AdminException {
    JsonNode reason = document(body).path("reason");
    return reason.isTextual() ? reason.textValue() : reason.toString();
  }

  private AdminException notAnswered(IOException failure) {
    String message = failure.getMessage();
    if (failure instanceof SocketTimeoutException && !message.startsWith("Connect")) {
      return AdminException.refused(
          "Timed out getting HTTP response (request timeout: "
              + settings.get(AdminOption.REQUEST_TIMEOUT)
              + " seconds)");
    }
    if (failure instanceof UnknownHostException) {
      return AdminException.refused("Could not connect: the host " + message + " is not known");
    }
    boolean notConnected =
        failure instanceof ConnectException
            || failure instanceof NoRouteToHostException
            || failure instanceof SocketTimeoutException
            || failure instanceof SSLException;
    return AdminException.refused(
        (notConnected ? "Could not connect: " : "Error getting HTTP response:\n\n") + message);
  }

  // ---- TLS

  private void secure(HttpsURLConnection connection) {
    boolean any = settings.isOn(AdminOption.SSL_INSECURE);
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    File key = file(AdminOption.SSL_KEY_FILE);
    File authorities = file(AdminOption.SSL_CA_CERT_FILE);
    try {
      if (key != null) {
        File certificate = file(AdminOption.SSL_CERT_FILE);
        if (certificate == null) {
          throw new IllegalArgumentException("--ssl-key-file needs --ssl-cert-file");
        }
        builder.keyManager(certificate, key);
      }
      if (any) {
        builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
      } else if (authorities != null) {
        builder.trustManager(authorities);
      }
      JdkSslContext context = (JdkSslContext) builder.build();
      connection.setSSLSocketFactory(context.context().getSocketFactory());
    } catch (SSLException broken) {
      throw new IllegalArgumentException(broken.getMessage(), broken);
    }
    if (any || settings.isOn(AdminOption.SSL_DISABLE_HOSTNAME_VERIFICATION)) {
      connection.setHostnameVerifier((host, session) -> true);
    }
  }

  private File file(AdminOption option) {
    String path = settings.get(option);
    return path == null ? null : new File(path);
  }
}
