package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code /vhosts} and what is below it. */
class HttpVhostsTest extends HttpTest {
  @Test
  void vhostIsCreatedOnceAndThenChanged() {
    String path = temporary("/vhosts/" + name("hv"));
    http.get(path).isNotFound();
    http.put(path, EMPTY).isEmpty(201);
    http.put(path, EMPTY).isEmpty(204);
    http.delete(path).isEmpty(204);
    http.delete(path).isNotFound();
    http.send("PUT", path, null).isEmpty(201);
  }

  @Test
  void vhostHasTheFieldsThatClientsRead() {
    String vhost = newVhost();
    JsonNode read = http.read("/vhosts/" + vhost);
    assertFields(
        read,
        "name",
        "description",
        "tags",
        "default_queue_type",
        "metadata",
        "tracing",
        "cluster_state");
    assertThat(read.get("name").textValue()).isEqualTo(vhost);
    assertThat(read.get("description").textValue()).isEmpty();
    assertJson(read.get("tags"), List.of());
    assertThat(read.get("tracing").booleanValue()).isFalse();
    assertJson(read.get("cluster_state"), Map.of(HttpTarget.current().node(), "running"));
    assertThat(HttpAnswer.fields(read.get("metadata"))).contains("description", "tags");
  }

  @Test
  void vhostCarriesDescriptionAndTags() {
    String path = "/vhosts/" + newVhost();
    http.put(path, Map.of("description", "of tests", "tags", "a,b")).isEmpty(204);
    JsonNode read = http.read(path);
    assertThat(read.get("description").textValue()).isEqualTo("of tests");
    assertJson(read.get("tags"), List.of("a", "b"));
    assertJson(read.at("/metadata/tags"), List.of("a", "b"));
    http.put(path, Map.of("description", "d", "tags", List.of("c"))).isEmpty(204);
    assertJson(http.read(path).get("tags"), List.of("c"));
  }

  @Test
  void tracingIsSwitchedByTheVhost() {
    String path = "/vhosts/" + newVhost();
    http.put(path, Map.of("tracing", true)).isEmpty(204);
    assertThat(http.read(path).get("tracing").booleanValue()).isTrue();
    http.put(path, EMPTY).isEmpty(204);
    assertThat(http.read(path).get("tracing").booleanValue()).as("untouched").isTrue();
    http.put(path, Map.of("tracing", false)).isEmpty(204);
    assertThat(http.read(path).get("tracing").booleanValue()).isFalse();
    http.put(path, Map.of("tracing", "x")).isBadRequest(List.of("not_boolean", "x"));
  }

  @Test
  void vhostsAreListedByName() {
    String one = newVhost();
    String two = newVhost();
    JsonNode list = http.read("/vhosts");
    assertThat(HttpAnswer.column(list, "name")).contains("/", one, two).isSorted();
    assertThat(only(list, "name", "/").get("description").isTextual()).isTrue();
  }

  @Test
  void vhostCountsItsMessages() {
    String vhost = newVhost();
    http.put("/queues/" + vhost + "/q", EMPTY).isEmpty(201);
    http.post("/exchanges/" + vhost + "/amq.default/publish", ManagementClient.message("q", "text"))
        .hasStatus(200);
    JsonNode read =
        eventually(
            "/vhosts/" + vhost,
            found -> {
              assertThat(found.path("messages").intValue()).isEqualTo(1);
              assertThat(found.at("/message_stats/publish").intValue()).isEqualTo(1);
            });
    assertThat(read.get("messages_ready").intValue()).isEqualTo(1);
    assertThat(read.get("messages_unacknowledged").intValue()).isZero();
    assertThat(read.at("/messages_details/rate").isFloatingPointNumber()).isTrue();
  }

  @Test
  void creatorMayUseTheNewVhost() {
    String vhost = newVhost();
    JsonNode permissions = http.read("/vhosts/" + vhost + "/permissions");
    String everything = ".*";
    assertJson(
        permissions,
        List.of(
            Map.of(
                "vhost",
                vhost,
                "user",
                BrokerUnderTest.user(),
                "configure",
                everything,
                "write",
                everything,
                "read",
                everything)));
    assertJson(http.read("/vhosts/" + vhost + "/topic-permissions"), List.of());
  }

  @Test
  void connectionsAndChannelsOfTheVhostAreListed() throws Exception {
    JsonNode connections =
        eventually("/vhosts/%2F/connections", found -> assertThat(found).isNotEmpty());
    assertThat(connections.findValuesAsText("peer_host")).contains("127.0.0.1");
    JsonNode channels = eventually("/vhosts/%2F/channels", found -> assertThat(found).isNotEmpty());
    assertThat(HttpAnswer.fields(channels.get(0))).contains("number", "name", "vhost");
    String empty = newVhost();
    assertJson(http.read("/vhosts/" + empty + "/connections"), List.of());
    assertJson(http.read("/vhosts/" + empty + "/channels"), List.of());
  }

  @Test
  void connectionsAndChannelsOfTheVhostComeInPagesWhereOnlyHarveyHasThem() throws Exception {
    assumeTrue(BrokerUnderTest.isEmbedded(), "the broker is not Harvey");
    keep(factory().newConnection(name("another"))).createChannel();
    for (String list : List.of("connections", "channels")) {
      JsonNode all = http.read("/dev/" + list + "/%2F?page=1&page_size=1&sort=name&columns=name");
      assertThat(all.get("items")).hasSize(1);
      assertThat(all.get("total_count").intValue()).isGreaterThan(1);
      assertThat(HttpAnswer.fields(all.get("items").get(0))).containsExactly("name");
      assertJson(http.read("/dev/" + list + "/" + newVhost()), List.of());
      http.get("/dev/" + list + "/" + name("none")).isNotFound();
      ManagementClient stranger = ManagementClient.as(newUser("management"), "p");
      stranger.get("/dev/" + list + "/%2F").hasStatus(401);
    }
  }

  @Test
  void whatIsBelowAMissingVhostIsNotFound() {
    String none = name("none");
    for (String below : List.of("permissions", "topic-permissions", "connections", "channels")) {
      http.get("/vhosts/" + none + "/" + below).isNotFound();
    }
    for (String resource :
        List.of("exchanges", "queues", "bindings", "consumers", "policies", "vhost-limits")) {
      http.get("/" + resource + "/" + none).isNotFound();
    }
    http.put("/queues/" + none + "/q", EMPTY).isError(404, "not_found", "vhost_not_found");
    http.put("/exchanges/" + none + "/x", Map.of("type", "direct"))
        .isError(404, "not_found", "vhost_not_found");
  }

  @Test
  void runningVhostCanBeStarted() {
    String node = HttpTarget.current().node();
    http.post("/vhosts/" + newVhost() + "/start/" + node, EMPTY).isEmpty(204);
    String none = name("none");
    HttpAnswer missing = http.post("/vhosts/" + none + "/start/" + node, EMPTY).hasStatus(400);
    assertThat(missing.json().get("reason").textValue())
        .startsWith("Request to node " + node + " failed with {no_such_vhost,")
        .contains("<<\"" + none + "\">>}");
  }

  @Test
  void nameMayNeedQuoting() {
    String vhost = name("a/b c%");
    String path = temporary("/vhosts/" + ManagementClient.segment(vhost));
    http.put(path, EMPTY).isEmpty(201);
    assertThat(http.read(path).get("name").textValue()).isEqualTo(vhost);
    http.put("/queues/" + ManagementClient.segment(vhost) + "/q%2Fr", EMPTY).isEmpty(201);
    assertThat(HttpAnswer.column(http.read("/queues/" + ManagementClient.segment(vhost)), "name"))
        .containsExactly("q/r");
  }

  @Test
  void deletedVhostTakesItsQueuesAlong() {
    String vhost = newVhost();
    http.put("/queues/" + vhost + "/q", EMPTY).isEmpty(201);
    http.delete("/vhosts/" + vhost).isEmpty(204);
    http.put("/vhosts/" + vhost, EMPTY).isEmpty(201);
    assertJson(http.read("/queues/" + vhost), List.of());
  }
}
