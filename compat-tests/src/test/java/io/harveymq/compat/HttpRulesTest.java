package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for all paths: headers, methods, content types, compression. */
class HttpRulesTest extends HttpTest {
  private final ManagementClient nobody = ManagementClient.authorized(null);

  @Test
  void answersMustNotBeKept() {
    HttpAnswer answer = http.get("/whoami").hasStatus(200);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.header("cache-control")).isEqualTo("no-cache");
    assertThat(answer.header("vary")).isEqualTo("accept, accept-encoding, origin");
    assertThat(answer.header("content-length")).isEqualTo("" + answer.octets().length);
    assertThat(answer.header("content-security-policy"))
        .contains("script-src 'self'")
        .contains("object-src 'self'");
    assertThat(answer.header("date")).endsWith(" GMT");
    assertThat(answer.header("etag")).isNull();
  }

  @Test
  void unknownPathIsNotFoundEvenWithoutCredentials() {
    for (ManagementClient client : List.of(http, nobody)) {
      HttpAnswer answer = client.get("/nowhere");
      answer.isNotFound();
      assertThat(answer.body())
          .isEqualTo("{\"error\":\"Object Not Found\",\"reason\":\"Not Found\"}");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DELETE | /overview | HEAD, GET, OPTIONS",
        "PUT | /whoami | HEAD, GET, OPTIONS",
        "POST | /queues | HEAD, GET, OPTIONS",
        "PUT | /queues/%2F | HEAD, GET, OPTIONS",
        "POST | /queues/%2F/none | HEAD, GET, PUT, DELETE, OPTIONS",
        "POST | /users | HEAD, GET, OPTIONS",
        "DELETE | /connections | HEAD, GET, OPTIONS",
        "GET | /exchanges/%2F/amq.direct/publish | POST, OPTIONS",
        "GET | /queues/%2F/none/get | POST, OPTIONS",
        "PUT | /bindings/%2F/e/amq.direct/q/none | HEAD, GET, POST, OPTIONS",
        "GET | /feature-flags/quorum_queue/enable | PUT, OPTIONS",
        "POST | /users/none | HEAD, GET, PUT, DELETE, OPTIONS",
        "POST | /vhosts/none | HEAD, GET, PUT, DELETE, OPTIONS",
        "PUT | /definitions | HEAD, GET, POST, OPTIONS",
        "PUT | /connections/none | HEAD, GET, DELETE, OPTIONS"
      })
  void otherMethodsAreToldWhichThereAre(String method, String path, String allowed) {
    HttpAnswer answer = http.send(method, path, null).isEmpty(405);
    assertThat(answer.header("allow")).isEqualTo(allowed);
  }

  @Test
  void headIsGetWithoutABody() {
    HttpAnswer get = http.get("/whoami");
    HttpAnswer head = http.send("HEAD", "/whoami", null).isEmpty(200);
    for (String name : List.of("content-type", "content-length", "cache-control", "vary")) {
      assertThat(head.header(name)).as(name).isEqualTo(get.header(name));
    }
  }

  @Test
  void optionsNeedNoCredentialsAndOfferNoForeignOrigin() {
    HttpAnswer options =
        nobody.send(
            "OPTIONS",
            "/queues/%2F/q",
            null,
            "Origin",
            "http://page.example",
            "Access-Control-Request-Method",
            "PUT");
    options.isEmpty(200);
    assertThat(options.header("allow")).isEqualTo("HEAD, GET, PUT, DELETE, OPTIONS");
    assertThat(options.header("vary")).isEqualTo("origin");
    assertThat(options.header("access-control-allow-origin")).isNull();
    HttpAnswer get = http.send("GET", "/whoami", null, "Origin", "http://page.example");
    assertThat(get.hasStatus(200).header("access-control-allow-origin")).isNull();
  }

  @Test
  void largeAnswersAreCompressedWhenAskedFor() throws IOException {
    HttpAnswer plain = http.get("/exchanges/%2F?columns=name,type,vhost").hasStatus(200);
    assertThat(plain.header("content-encoding")).isNull();
    HttpAnswer packed =
        http.send("GET", "/exchanges/%2F?columns=name,type,vhost", null, "Accept-Encoding", "gzip");
    assertThat(packed.hasStatus(200).header("content-encoding")).isEqualTo("gzip");
    assertThat(packed.octets().length).isLessThan(plain.octets().length);
    try (GZIPInputStream unpacked =
        new GZIPInputStream(new ByteArrayInputStream(packed.octets()))) {
      assertThat(new String(unpacked.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(plain.body());
    }
    HttpAnswer small = http.send("GET", "/whoami", null, "Accept-Encoding", "gzip");
    assertThat(small.hasStatus(200).header("content-encoding")).isNull();
  }

  @Test
  void onlyJsonIsServed() {
    http.send("GET", "/whoami", null, "Accept", "application/json").hasStatus(200);
    http.send("GET", "/whoami", null, "Accept", "*/*").hasStatus(200);
    http.send("GET", "/whoami", null, "Accept", "Application/JSON").hasStatus(200);
    http.send("GET", "/whoami", null, "Accept", "text/html, */*;q=0.1").hasStatus(200);
    http.send("GET", "/whoami", null, "Accept", "text/html").isEmpty(406);
  }

  @Test
  void typeOfABodyIsOfNoConcern() {
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
      http.send("PUT", queuePath(name("hq")), "{}", "Content-Type", type).isEmpty(201);
    }
  }

  @Test
  void longBodyOfAFormsTypeIsTakenAsItIs() {
    String form = "application/x-www-form-urlencoded";
    String body = "{\"arguments\":{\"x-note\":\"" + "a=%&".repeat(1_000) + "\"}}";
    http.send(
            "PUT",
            exchangePath(name("hx")),
            body.replace("{\"arg", "{\"type\":\"fanout\",\"arg"),
            "Content-Type",
            form)
        .isEmpty(201);
  }

  @Test
  void nullIsTakenForNoBody() {
    http.put(queuePath(name("hq")), "null").isEmpty(201);
    http.put("/permissions/%2F/" + BrokerUnderTest.user(), "null")
        .isBadRequest("[{key_missing,configure},{key_missing,write},{key_missing,read}]");
  }

  @Test
  void changesHaveNoBody() {
    HttpAnswer created = http.put(queuePath(name("hq")), EMPTY).isEmpty(201);
    assertThat(created.header("content-length")).isEqualTo("0");
    assertThat(created.header("content-type")).isNull();
  }

  @Test
  void oldPathsLeadToTheNewOnes() {
    for (String path : List.of("/api", "/api/", "/doc/stats.html")) {
      HttpAnswer moved = nobody.request("GET", path, null);
      assertThat(moved.isEmpty(301).header("location")).isEqualTo("/api/index.html");
    }
    HttpAnswer cli = nobody.request("GET", "/cli", null);
    assertThat(cli.isEmpty(301).header("location")).isEqualTo("/cli/index.html");
    nobody.request("GET", "/", null).hasStatus(200);
  }
}
