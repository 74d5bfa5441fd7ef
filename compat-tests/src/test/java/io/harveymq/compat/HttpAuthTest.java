package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who is let in, and what the others are told. */
class HttpAuthTest extends HttpTest {
  private static final String CHALLENGE = "Basic realm=\"RabbitMQ Management\"";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final ManagementClient nobody = ManagementClient.authorized(null);

  @Test
  void withoutCredentialsThereIsAChallengeAndNoBody() {
    for (String path : List.of("/whoami", "/overview", "/vhosts/none", "/queues/%2F/none")) {
      HttpAnswer answer = nobody.get(path).isEmpty(401);
      assertThat(answer.header("www-authenticate")).isEqualTo(CHALLENGE);
    }
  }

  @Test
  void wrongPasswordIsToldWithAChallenge() {
    String reason = HttpTarget.current().loginFailed();
    HttpAnswer wrong = ManagementClient.as(BrokerUnderTest.user(), "wrong").get("/whoami");
    wrong.isError(401, "not_authorized", reason);
    assertThat(wrong.body())
        .isEqualTo("{\"error\":\"not_authorized\",\"reason\":\"" + reason + "\"}");
    assertThat(wrong.header("www-authenticate")).isEqualTo(CHALLENGE);
    HttpAnswer unknown = ManagementClient.as(name("nobody"), "p").get("/whoami");
    unknown.isError(401, "not_authorized", reason);
    HttpAnswer bearer = ManagementClient.authorized("Bearer abc").get("/whoami");
    bearer.isError(401, "not_authorized", reason);
  }

  @Test
  void credentialsThatAreNoBase64AreBad() {
    assertThat(ManagementClient.authorized("Basic !!!").get("/whoami").status()).isEqualTo(400);
  }

  @Test
  void userWithoutTagIsRefusedWithoutAChallenge() {
    HttpAnswer answer = ManagementClient.as(newUser(""), "p").get("/whoami");
    answer.isError(401, "not_authorised", "Not management user");
    assertThat(answer.body())
        .isEqualTo("{\"error\":\"not_authorised\",\"reason\":\"Not management user\"}");
    assertThat(answer.header("www-authenticate")).isNull();
    ManagementClient.as(newUser("impersonator"), "p")
        .get("/whoami")
        .isError(401, "not_authorised", "Not management user");
  }

  @Test
  void userWithoutPasswordCannotLogIn() {
    String user = name("hu");
    http.put(temporary("/users/" + user), Map.of("password_hash", "", "tags", "administrator"))
        .isEmpty(201);
    ManagementClient.as(user, "")
        .get("/whoami")
        .isError(401, "not_authorized", HttpTarget.current().loginFailed());
  }

  @Test
  void changedPasswordCountsAtOnce() {
    String user = newUser("management");
    ManagementClient before = ManagementClient.as(user, "p");
    before.get("/whoami").hasStatus(200);
    http.put("/users/" + user, Map.of("password", "q", "tags", "management")).isEmpty(204);
    before.get("/whoami").hasStatus(401);
    ManagementClient.as(user, "q").get("/whoami").hasStatus(200);
  }

  @Test
  void authTellsAnyoneHowToLogIn() {
    JsonNode auth = nobody.read("/auth");
    if (HttpTarget.current().before40()) {
      assertJson(auth, "{\"enable_uaa\":false,\"uaa_client_id\":\"\",\"uaa_location\":\"\"}");
    } else {
      assertThat(auth.get("oauth_enabled").booleanValue()).isFalse();
    }
  }

  @Test
  void loginTakesAForm() {
    String form = "username=%s&password=%s";
    String right = form.formatted(BrokerUnderTest.user(), BrokerUnderTest.password());
    HttpAnswer answer = nobody.send("POST", "/login", right, "Content-Type", FORM);
    answer.hasStatus(200);
    assertThat(answer.body()).isEqualTo("\"ok\"");
    assertThat(answer.header("set-cookie")).startsWith("auth=").contains("Version=1");
    nobody
        .send("POST", "/login", form.formatted(BrokerUnderTest.user(), "x"), "Content-Type", FORM)
        .isError(401, "not_authorized", HttpTarget.current().loginFailed());
    assertThat(nobody.get("/login").isEmpty(405).header("allow")).isEqualTo("POST, OPTIONS");
  }

  @Test
  void attemptsAreCounted() {
    String path = "/auth/attempts/" + HttpTarget.current().node();
    JsonNode attempts = only(http.read(path), "protocol", "http");
    assertFields(
        attempts, "protocol", "auth_attempts", "auth_attempts_failed", "auth_attempts_succeeded");
    int failed = attempts.get("auth_attempts_failed").intValue();
    ManagementClient.as(BrokerUnderTest.user(), "wrong").get("/whoami").hasStatus(401);
    assertThat(only(http.read(path), "protocol", "http").get("auth_attempts_failed").intValue())
        .isGreaterThan(failed);
    assertThat(http.read(path + "/source").isArray()).isTrue();
    http.delete(path + "/source").isEmpty(204);
    http.delete(path).isEmpty(204);
    assertThat(only(http.read(path), "protocol", "http").get("auth_attempts").intValue())
        .isLessThan(3);
    http.get("/auth/attempts/none").isNotFound();
  }
}
