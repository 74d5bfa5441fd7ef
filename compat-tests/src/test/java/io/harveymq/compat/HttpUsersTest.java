package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code /users} and what is below it. */
class HttpUsersTest extends HttpTest {
  private static final String SHA256 = "rabbit_password_hashing_sha256";
  private static final Map<String, Object> PLAIN = Map.of("password", "p", "tags", "management");

  private String freshPath() {
    return temporary("/users/" + name("hu"));
  }

  @Test
  void userIsCreatedOnceAndThenChanged() {
    String path = freshPath();
    http.get(path).isNotFound();
    http.put(path, PLAIN).isEmpty(201);
    http.put(path, PLAIN).isEmpty(204);
    http.delete(path).isEmpty(204);
    http.delete(path).isNotFound();
  }

  @Test
  void userHasTheFieldsThatClientsRead() {
    String user = newUser("management,x y");
    JsonNode read = http.read("/users/" + user);
    assertFields(read, "name", "password_hash", "hashing_algorithm", "tags", "limits");
    assertThat(read.get("name").textValue()).isEqualTo(user);
    assertThat(read.get("hashing_algorithm").textValue()).isEqualTo(SHA256);
    assertJson(read.get("tags"), List.of("management", "x y"));
    assertJson(read.get("limits"), EMPTY);
    assertThat(Base64.getDecoder().decode(read.get("password_hash").textValue())).hasSize(36);
    JsonNode listed = only(http.read("/users"), "name", user);
    assertThat(listed).isEqualTo(read);
  }

  @Test
  void passwordIsKeptAsSaltedHash() throws Exception {
    JsonNode read = http.read("/users/" + newUser("management"));
    byte[] hash = Base64.getDecoder().decode(read.get("password_hash").textValue());
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(hash, 0, 4);
    assertThat(digest.digest("p".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(Arrays.copyOfRange(hash, 4, 36));
  }

  @Test
  void hashIsTakenAsItIs() {
    String path = freshPath();
    String given = http.read("/users/" + newUser("management")).get("password_hash").textValue();
    http.put(path, Map.of("password_hash", given, "tags", "management")).isEmpty(201);
    assertThat(http.read(path).get("password_hash").textValue()).isEqualTo(given);
    ManagementClient.as(path.substring("/users/".length()), "p").get("/whoami").hasStatus(200);
  }

  @Test
  void hashMayBeOfAnotherAlgorithm() throws Exception {
    String path = freshPath();
    byte[] salt = {1, 2, 3, 4};
    MessageDigest digest = MessageDigest.getInstance("SHA-512");
    digest.update(salt);
    byte[] hashed = digest.digest("secret".getBytes(StandardCharsets.UTF_8));
    byte[] whole = new byte[4 + hashed.length];
    System.arraycopy(salt, 0, whole, 0, 4);
    System.arraycopy(hashed, 0, whole, 4, hashed.length);
    String algorithm = "rabbit_password_hashing_sha512";
    String hash = Base64.getEncoder().encodeToString(whole);
    http.put(
            path,
            Map.of("password_hash", hash, "hashing_algorithm", algorithm, "tags", "management"))
        .isEmpty(201);
    assertThat(http.read(path).get("hashing_algorithm").textValue()).isEqualTo(algorithm);
    ManagementClient.as(path.substring("/users/".length()), "secret").get("/whoami").hasStatus(200);
  }

  @Test
  void tagsAreTextOrAList() {
    String path = freshPath();
    http.put(path, Map.of("password", "p", "tags", List.of("policymaker", "z"))).isEmpty(201);
    assertJson(http.read(path).get("tags"), List.of("policymaker", "z"));
    http.put(path, Map.of("password", "p", "tags", "")).isEmpty(204);
    assertJson(http.read(path).get("tags"), List.of());
    http.put(path, Map.of("password", "p", "tags", "a,b")).isEmpty(204);
    assertJson(http.read(path).get("tags"), List.of("a", "b"));
  }

  @Test
  void changeWithoutPasswordTakesThePasswordAway() {
    String path = "/users/" + newUser("management");
    http.put(path, Map.of("tags", "management")).isEmpty(204);
    assertThat(http.read(path).get("password_hash").textValue()).isEmpty();
  }

  @Test
  void badUsersAreRefused() {
    String path = freshPath();
    http.put(path, Map.of("password", "p")).isBadRequest("tags_not_present");
    http.put(path, EMPTY).isBadRequest("tags_not_present");
    http.put(path, "{").isBadRequest("not_json");
    for (String hash : List.of("!!", "zzz", "2lmoth8l4H0DViLaK9Fxi6l9ds8")) {
      http.put(path, Map.of("password_hash", hash, "tags", ""))
          .isBadRequest(List.of("not_base64", hash));
    }
    http.put(path, Map.of("password", "a", "password_hash", "YWJj", "tags", ""))
        .isBadRequest("both_password_and_password_hash_are_provided");
    http.get(path).isNotFound();
  }

  @Test
  void limitsComeWithTheUser() {
    String path = freshPath();
    Map<String, Object> limits = Map.of("max-connections", 3);
    http.put(path, Map.of("password", "p", "tags", "", "limits", limits)).isEmpty(201);
    assertJson(http.read(path).get("limits"), limits);
  }

  @Test
  void usersWithoutPermissionsAreListed() {
    String without = newUser("");
    String with = newUser("");
    permit(with, "/", "", "", "");
    assertThat(HttpAnswer.column(http.read("/users/without-permissions"), "name"))
        .contains(without)
        .doesNotContain(with, BrokerUnderTest.user());
  }

  @Test
  void manyUsersAreDeletedAtOnce() {
    String one = newUser("");
    String two = newUser("");
    http.post("/users/bulk-delete", Map.of("users", List.of(one, two))).isEmpty(204);
    http.get("/users/" + one).isNotFound();
    http.get("/users/" + two).isNotFound();
    http.post("/users/bulk-delete", Map.of("users", List.of())).isEmpty(204);
    http.post("/users/bulk-delete", EMPTY).misses("users");
    http.post("/users/bulk-delete", Map.of("users", List.of(one)))
        .isBadRequest(List.of("no_such_user", one));
  }

  @Test
  void permissionsOfAUserAreListed() {
    String user = newUser("");
    assertJson(http.read("/users/" + user + "/permissions"), List.of());
    permit(user, "/", "a", "b", "c");
    assertJson(
        http.read("/users/" + user + "/permissions"),
        List.of(Map.of("user", user, "vhost", "/", "configure", "a", "write", "b", "read", "c")));
    http.get("/users/" + name("none") + "/permissions").isNotFound();
    http.get("/users/" + name("none") + "/topic-permissions").isNotFound();
  }

  @Test
  void deletedUserLosesItsPermissions() {
    String user = newUser("");
    permit(user, "/", "", "", "");
    http.delete("/users/" + user).isEmpty(204);
    assertThat(HttpAnswer.column(http.read("/permissions"), "user")).doesNotContain(user);
  }
}
