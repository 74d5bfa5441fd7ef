package io.harveymq.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages of other origins may do, and what bodies are taken. */
class BrowserRequestsTest {
  private static final String GUEST =
      "Basic " + Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));
  private static final String ALLOWED = "https://page.example";
  private static final String FOREIGN = "https://evil.example";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static Broker broker;
  private static Management management;

  @BeforeAll
  static void start() throws Exception {
    broker = Broker.start();
    management =
        Management.start(
            broker,
            ManagementOptions.loopback()
                .withCors(new ManagementOptions.Cors(List.of(ALLOWED), 600)));
  }

  @AfterAll
  static void stop() {
    management.close();
    broker.close();
  }

  private static HttpResponse<String> send(
      String method, String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(management.uri() + "api/" + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .version(HttpClient.Version.HTTP_1_1);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> put(String queue, String... headers) throws Exception {
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "authorization";
    all[headers.length + 1] = GUEST;
    return send("PUT", "queues/%2F/" + queue, "{}", all);
  }

  private static String own() {
    return "http://127.0.0.1:" + management.port();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site"})
  void changesOfPagesOfOtherSitesAreRefused(String site) throws Exception {
    HttpResponse<String> refused = put("site", "sec-fetch-site", site);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("\"error\":\"forbidden\"");
    assertThat(refused.headers().firstValue("content-type")).hasValue("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {FOREIGN, "null", "http://127.0.0.1", "https://127.0.0.1:1"})
  void changesOfPagesOfOtherOriginsAreRefused(String origin) throws Exception {
    assertThat(put("origin", "origin", origin).statusCode()).isEqualTo(403);
  }

  @Test
  void formsOfOtherPagesAreRefusedEvenWithoutCredentials() throws Exception {
    assertThat(send("POST", "login", "username=a&password=b", "origin", FOREIGN).statusCode())
        .isEqualTo(403);
  }

  @Test
  void ownPageAllowedOriginsAndClientsThatAreNoBrowsersMayChangeThings() throws Exception {
    assertThat(put("a").statusCode()).isEqualTo(201);
    assertThat(put("b", "origin", own()).statusCode()).isEqualTo(201);
    assertThat(put("c", "origin", own(), "sec-fetch-site", "same-origin").statusCode())
        .isEqualTo(201);
    assertThat(put("d", "sec-fetch-site", "none").statusCode()).isEqualTo(201);
    assertThat(put("e", "origin", ALLOWED, "sec-fetch-site", "cross-site").statusCode())
        .isEqualTo(201);
  }

  @Test
  void onlyAllowedOriginsGetTheHeadersOfCorsAndTheOthersAreAnsweredWithoutThem() throws Exception {
    String header = "access-control-allow-origin";
    for (String origin : List.of(own(), FOREIGN)) {
      HttpResponse<String> answer =
          send("GET", "whoami", null, "authorization", GUEST, "origin", origin);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue(header)).isEmpty();
    }
    HttpResponse<String> allowed =
        send("GET", "whoami", null, "authorization", GUEST, "origin", ALLOWED);
    assertThat(allowed.statusCode()).isEqualTo(200);
    assertThat(allowed.headers().firstValue(header)).hasValue(ALLOWED);
    assertThat(allowed.headers().firstValue("access-control-allow-credentials")).hasValue("true");
    HttpResponse<String> preflight =
        send("OPTIONS", "whoami", null, "origin", ALLOWED, "access-control-request-method", "PUT");
    assertThat(preflight.statusCode()).isEqualTo(200);
    assertThat(preflight.headers().firstValue("access-control-allow-methods").orElseThrow())
        .contains("PUT");
    assertThat(preflight.headers().firstValue("access-control-allow-headers").orElseThrow())
        .contains("authorization");
    assertThat(preflight.headers().firstValue("access-control-max-age")).hasValue("600");
    HttpResponse<String> asking =
        send("OPTIONS", "whoami", null, "origin", ALLOWED, "access-control-request-headers", "x-a");
    assertThat(asking.headers().firstValue("access-control-allow-headers")).hasValue("x-a");
  }

  @Test
  void regularExpressionThatNeverEndsIsRefused() throws Exception {
    assertThat(put("a".repeat(200) + "b").statusCode()).isEqualTo(201);
    HttpResponse<String> refused =
        send(
            "GET",
            "queues?page=1&use_regex=true&name=%28.%2Aa%29%7B20%7Dc%24",
            null,
            "authorization",
            GUEST);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("takes too long");
  }

  @Test
  void formLeadsOnlyToPathsOfThisServer() throws Exception {
    assertThat(redirect("../#/import-succeeded").headers().firstValue("location"))
        .hasValue("../#/import-succeeded");
    for (String elsewhere :
        List.of("https://evil.example/", "//evil.example/", "/\\evil.example", "/a\r\nx: y")) {
      assertThat(redirect(elsewhere).statusCode()).as(elsewhere).isEqualTo(400);
    }
  }

  @Test
  void formWithMalformedHeadersIsABadRequest() throws Exception {
    String part =
        "--x\r\ncontent-disposition: form-data; e\"=manfile\"; fil: form-data\r\n\r\n{}\r\n";
    HttpResponse<String> answer = post(part + "--x--\r\n");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("a header of a part is malformed");
  }

  @Test
  void theIconThatBrowsersLookForIsThere() throws Exception {
    HttpClient follows = HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build();
    HttpResponse<String> icon =
        follows.send(
            HttpRequest.newBuilder(URI.create(management.uri() + "favicon.ico")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(icon.statusCode()).isEqualTo(200);
    assertThat(icon.headers().firstValue("content-type")).hasValue("image/svg+xml");
    assertThat(icon.body()).contains("<svg");
  }

  private static HttpResponse<String> redirect(String to) throws Exception {
    String part = "--x\r\ncontent-disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n";
    return post(part.formatted("file", "{}") + part.formatted("redirect", to) + "--x--\r\n");
  }

  private static HttpResponse<String> post(String form) throws Exception {
    String type = "multipart/form-data; boundary=x";
    HttpClient stays = HttpClient.newBuilder().followRedirects(Redirect.NEVER).build();
    return stays.send(
        HttpRequest.newBuilder(URI.create(management.uri() + "api/definitions"))
            .header("authorization", GUEST)
            .header("content-type", type)
            .POST(BodyPublishers.ofString(form))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
