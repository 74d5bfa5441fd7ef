package io.harveymq.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.harveymq.broker.Broker;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import io.harveymq.management.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Requests to the management API: any path with any method, headers, query and body, or just bytes.
 * The answer is one of HTTP, and never that the broker is at fault. The broker lives on from one
 * input to the next.
 */
public final class HttpTarget {
  private static final String GUEST =
      Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));

  private static final Pattern UNKNOWN_PROTOCOL = Pattern.compile("\\S{1,99} (400|501) ");
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int RAW_TIMEOUT_MILLIS = 300;
  private static final int INPUTS_PER_BROKER = 2_000;
  private static final String[] METHODS = {
    "GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH"
  };
  private static final String[] NAMES = {
    "%2F",
    "q",
    "x",
    "guest",
    "amq.direct",
    "amq.default",
    "rabbit@localhost",
    "u",
    "q/q",
    "%",
    "a%2Fb"
  };
  private static final String[] HEADERS = {
    "origin: http://evil.example",
    "origin: null",
    "accept-encoding: gzip, br;q=0.5, *;q=0",
    "accept-encoding: deflate",
    "accept: text/plain",
    "content-type: multipart/form-data; boundary=b",
    "content-type: application/x-www-form-urlencoded",
    "content-type: application/json",
    "sec-fetch-site: cross-site",
    "x-reason: because",
    "expect: 100-continue",
    "range: bytes=0-1",
    "if-none-match: *",
    "transfer-encoding: chunked"
  };
  private static final String[] QUERIES = {
    "page=1&page_size=2",
    "name=a&use_regex=true",
    "columns=name,messages.x",
    "sort=name&sort_reverse=true",
    "lengths_age=60&lengths_incr=5",
    "if-empty=true",
    "if-messages=1",
    "disable_stats=true&enable_queue_totals=true",
    "node=x",
    "view=overview",
    "view=queue&vhost=/&name=q",
    "until=gone&count=1&timeout=1",
    "exchange=amq.direct&routing_key=k",
    "queue=q&body=a",
    "header=h=v&text=a",
    "vhost=/&kind=exchange&name=x",
    "state=unacked&search=a&count=2"
  };

  private static Broker broker;
  private static Management management;
  private static List<String> paths;
  private static int inputs;

  private HttpTarget() {}

  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    if (broker == null || inputs++ % INPUTS_PER_BROKER == 0) {
      restart();
    }
    Choices choices = new Choices(input);
    if (choices.below(8) == 7) {
      raw(choices.rest());
    } else {
      structured(choices);
    }
    FaultLog.check();
  }

  private static void restart() throws Exception {
    if (broker != null) {
      management.close();
      broker.close();
    }
    broker = Broker.start();
    management = Management.start(broker, ManagementOptions.loopback());
    if (paths == null) {
      paths = new ArrayList<>();
      byte[] answer =
          exchange(head("GET", "/api/docs", "connection: close") + "\r\n", TIMEOUT_MILLIS);
      JsonNode document = Json.read(body(answer));
      document.path("paths").fieldNames().forEachRemaining(paths::add);
      if (paths.size() < 50) {
        throw new AssertionError("paths: " + paths);
      }
    }
  }

  private static byte[] body(byte[] answer) {
    int at = 0;
    while (answer[at] != '\r' || answer[at + 2] != '\r') {
      at++;
    }
    return Arrays.copyOfRange(answer, at + 4, answer.length);
  }

  private static String head(String method, String target, String... headers) {
    return method
        + " "
        + target
        + " HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Basic "
        + GUEST
        + "\r\n"
        + String.join("\r\n", headers)
        + "\r\n";
  }

  private static void structured(Choices choices) throws IOException {
    String method = choices.of(METHODS);
    StringBuilder target = new StringBuilder("/api");
    for (String segment : paths.get(choices.below(paths.size())).substring(1).split("/")) {
      if (!segment.equals("api")) {
        target.append('/').append(segment.startsWith("{") ? name(choices) : segment);
      }
    }
    if (choices.flag()) {
      target.append('?').append(choices.of(QUERIES));
      if (choices.flag()) {
        target.append('&').append(encoded(choices.text(30))).append('=').append(name(choices));
      }
    }
    List<String> headers = new ArrayList<>();
    headers.add("connection: close");
    boolean chunked = false;
    for (int count = choices.below(3); count > 0; count--) {
      String header = choices.of(HEADERS);
      chunked |= header.startsWith("transfer");
      headers.add(header);
    }
    String body = new String(choices.rest(), StandardCharsets.ISO_8859_1);
    if (chunked) {
      headers.removeIf(header -> header.startsWith("transfer"));
      headers.add("transfer-encoding: chunked");
      body =
          (body.isEmpty() ? "" : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n")
              + "0\r\n\r\n";
    } else {
      headers.add("content-length: " + body.length());
    }
    String request =
        head(method, target.toString(), headers.toArray(String[]::new)) + "\r\n" + body;
    byte[] answer;
    try {
      answer = exchange(request, TIMEOUT_MILLIS);
    } catch (SocketTimeoutException late) {
      throw new AssertionError("no answer to " + request, late);
    }
    check(request, answer);
  }

  private static String name(Choices choices) {
    int which = choices.below(NAMES.length + 2);
    return which < NAMES.length
        ? NAMES[which]
        : encoded(choices.text(which == NAMES.length ? 12 : 255));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static void raw(byte[] bytes) throws IOException {
    String request = new String(bytes, StandardCharsets.ISO_8859_1);
    try {
      byte[] answer = exchange(request, RAW_TIMEOUT_MILLIS);
      if (answer.length > 0) {
        check(request, answer);
      }
    } catch (SocketTimeoutException waits) {
      // for the rest of the request
    }
  }

  private static void check(String request, byte[] answer) throws IOException {
    String text = new String(answer, StandardCharsets.ISO_8859_1);
    // the name of an unknown protocol comes back
    boolean ofAnother = UNKNOWN_PROTOCOL.matcher(text).lookingAt();
    if (!ofAnother && !text.startsWith("HTTP/1.") || text.startsWith("HTTP/1.1 500")) {
      throw new AssertionError(request + "\nis answered by\n" + text);
    }
    if (text.startsWith("HTTP/1.1 401")) {
      // the user may have been deleted
      inputs = 0;
    }
  }

  /** What comes back, up to the end, or to the head of a stream without one. */
  private static byte[] exchange(String request, int timeoutMillis) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Socket socket = new Socket("127.0.0.1", management.port())) {
      socket.setSoTimeout(timeoutMillis);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      byte[] part = new byte[8_192];
      for (int length = in.read(part); length > 0; length = in.read(part)) {
        all.write(part, 0, length);
        if (all.toString(StandardCharsets.ISO_8859_1).contains("content-type: text/event-stream")) {
          return all.toByteArray();
        }
      }
    } catch (SocketException reset) {
      // what was read before counts
    }
    return all.toByteArray();
  }
}
