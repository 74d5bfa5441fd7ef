package io.harveymq.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts to get more from the HTTP API than one may, byte by byte. */
class HttpAttackTest {
  private static final int QUIET_MILLIS = 300;

  private static Broker broker;
  private static Management management;

  @BeforeAll
  static void start() throws Exception {
    broker = Broker.start();
    management = Management.start(broker, ManagementOptions.loopback());
  }

  @AfterAll
  static void stop() {
    management.close();
    broker.close();
  }

  @BeforeEach
  void addUsers() {
    for (String user : List.of("root", "plain")) {
      if (broker.access().user(user) != null) {
        broker.access().deleteUser(user);
      }
    }
    broker.access().addUser("root", "p", "administrator");
    broker.access().setPermissions("root", "/", ".*", ".*", ".*");
    broker.access().addUser("plain", "p", "management");
    broker.access().setPermissions("plain", "/", "^mine$", "^mine$", "^mine$");
  }

  private static String basic(String user) {
    byte[] credentials = (user + ":p").getBytes(StandardCharsets.UTF_8);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(credentials) + "\r\n";
  }

  /** A connection on which a test writes whatever it likes. */
  private static final class Raw implements AutoCloseable {
    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), management.port());
    private final BufferedReader in;

    Raw() throws IOException {
      socket.setSoTimeout(20_000);
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    Raw send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    }

    /** The next line that begins so; null at the end. */
    String line(String start) throws IOException {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith(start)) {
          return line;
        }
      }
      return null;
    }

    int status() throws IOException {
      String line = line("HTTP/1.1 ");
      return line == null ? -1 : Integer.parseInt(line.substring(9, 12));
    }

    /** Everything up to the end, or until nothing more comes. */
    String rest() throws IOException {
      socket.setSoTimeout(QUIET_MILLIS);
      StringBuilder all = new StringBuilder();
      try {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          all.append(line).append('\n');
        }
      } catch (SocketTimeoutException quiet) {
        // the broker waits for more
      }
      return all.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String head(String method, String path, String user, String... headers) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        + (user == null ? "" : basic(user))
        + String.join("", headers)
        + "\r\n";
  }

  private static int status(String method, String path, String user) throws IOException {
    try (Raw raw = new Raw()) {
      return raw.send(head(method, path, user, "Content-Length: 0\r\n")).status();
    }
  }

  // ---- races with a change

  private static int finishAfter(Runnable change) throws IOException {
    String body = "{\"password\":\"p\",\"tags\":\"administrator\"}";
    try (Raw raw = new Raw()) {
      raw.send(head("PUT", "/api/users/made", "root", "Content-Length: " + body.length() + "\r\n"));
      raw.send(body.substring(0, 5));
      // an answer to another request shows that the head above was taken
      assertThat(status("GET", "/api/whoami", "root")).isEqualTo(200);
      change.run();
      int status = raw.send(body.substring(5)).status();
      assertThat(broker.access().user("made")).isNull();
      return status;
    }
  }

  @Test
  void whoSendsABodySlowlyLosesTheRightMeanwhile() throws Exception {
    assertThat(finishAfter(() -> broker.access().setUserTags("root", "management"))).isEqualTo(401);
    broker.access().setUserTags("root", "administrator");
    assertThat(finishAfter(() -> broker.access().changePassword("root", "new"))).isEqualTo(401);
    broker.access().changePassword("root", "p");
    assertThat(finishAfter(() -> broker.access().deleteUser("root"))).isEqualTo(401);
  }

  private static String endOfLiveView(String view, Runnable change) throws IOException {
    try (Raw raw = new Raw()) {
      raw.send(head("GET", "/api/dev/live?view=" + view, "root"));
      assertThat(raw.line("data: ")).isNotNull();
      change.run();
      assertThat(raw.line("event: gone")).isNotNull();
      String reason = raw.line("data: ");
      // the last chunk
      assertThat(raw.line("0")).isEqualTo("0");
      return reason;
    }
  }

  @Test
  void aLiveViewEndsWithTheRightToIt() throws Exception {
    String queues = "queues&vhost=%2F";
    assertThat(endOfLiveView("nodes", () -> broker.access().setUserTags("root", "management")))
        .contains("Not monitor user");
    assertThat(endOfLiveView(queues, () -> broker.access().clearPermissions("root", "/")))
        .contains("not authorised");
    broker.access().setPermissions("root", "/", ".*", ".*", ".*");
    assertThat(endOfLiveView(queues, () -> broker.access().changePassword("root", "new")))
        .contains("Login failed");
    broker.access().changePassword("root", "p");
    assertThat(endOfLiveView(queues, () -> broker.access().deleteUser("root")))
        .contains("Login failed");
  }

  // ---- paths and names

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/../api/users",
        "/api/%2e%2e/api/users",
        "/api/whoami/../users",
        "/api/whoami/..%2fusers",
        "/api/auth/../users",
        "/api/dev/features/../../users",
        "/api//users",
        "//api/users",
        "/%61pi/users",
        "/api/users%00",
        "/api/users;/auth",
        "/api/users/",
        "/api/users?/auth",
        "/api/users#/auth",
        "/api\\users",
        "/./api/users",
        "/js/../api/users",
        "/js/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/%252e%252e/%252e%252e/etc/passwd",
      })
  void noPathLeadsAroundTheLoginOrOutOfThePage(String path) throws Exception {
    try (Raw raw = new Raw()) {
      String answer = raw.send(head("GET", path, null, "Connection: close\r\n")).rest();
      assertThat(answer).doesNotContain("password_hash").doesNotContain("root:x:");
      assertThat(answer).doesNotStartWith("HTTP/1.1 5");
    }
    assertThat(status("GET", path, "plain")).isIn(400, 401, 404, 405, 200);
    try (Raw raw = new Raw()) {
      assertThat(raw.send(head("GET", path, "plain", "Connection: close\r\n")).rest())
          .doesNotContain("password_hash");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "other",
        "mine%00",
        "Mine",
        "mine%0Aother",
        "%6d%69ne%20",
        "mine%2Fother",
        "%256dine"
      })
  void encodedNamesAreNoWayAroundPermissions(String name) throws Exception {
    assertThat(status("PUT", "/api/queues/%2F/" + name, "plain")).isEqualTo(401);
    assertThat(status("PUT", "/api/queues/%2f/%6d%69%6e%65", "plain")).isIn(201, 204);
    assertThat(status("PUT", "/api/queues/%252F/mine", "plain")).isIn(401, 404);
  }

  // ---- requests within requests

  private static final String SMUGGLED =
      "DELETE /api/users/plain HTTP/1.1\r\nHost: 127.0.0.1\r\n" + basic("root") + "\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: 4, 5\r\n",
        "Content-Length: -1\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding:\u000bchunked\r\n",
      })
  void aBodyIsNeverTakenForAnotherRequest(String lengths) throws Exception {
    String smuggled = "POST /api/login HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lengths + "\r\n";
    // what a proxy that reads the first length sends as a body must not be run as a request
    try (Raw raw = new Raw()) {
      String all = raw.send(smuggled + "ffff\r\n" + SMUGGLED).rest();
      assertThat(all.split("HTTP/1.1 204", -1)).hasSize(1);
    }
    assertThat(broker.access().user("plain")).isNotNull();
  }

  // ---- expressions

  @ParameterizedTest
  @ValueSource(strings = {"(|){40}x", "((){999}){999}", "(a?){60}"})
  void expressionsThatMightTakeYearsAreRefused(String expression) throws Exception {
    String policy = "{\"pattern\":\"" + expression + "\",\"definition\":{\"max-length\":1}}";
    String permission = "{\"configure\":\"" + expression + "\",\"write\":\"\",\"read\":\"\"}";
    assertThat(put("/api/policies/%2F/p", policy)).isIn(400, 201, 204);
    assertThat(put("/api/permissions/%2F/plain", permission)).isIn(400, 204);
    long start = System.nanoTime();
    assertThat(status("PUT", "/api/queues/%2F/" + "a".repeat(250), "root")).isIn(201, 204);
    String filter = "/api/queues?page=1&use_regex=true&name=";
    assertThat(
            status("GET", filter + URLEncoder.encode(expression, StandardCharsets.UTF_8), "root"))
        .isIn(200, 400);
    assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    status("DELETE", "/api/policies/%2F/p", "root");
  }

  private static int put(String path, String body) throws IOException {
    try (Raw raw = new Raw()) {
      String length = "Content-Length: " + body.length() + "\r\n";
      return raw.send(head("PUT", path, "root", length) + body).status();
    }
  }
}
