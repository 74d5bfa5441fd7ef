package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code /overview}, {@code /whoami}, {@code /nodes}, {@code /cluster-name} and the like. */
class HttpOverviewTest extends HttpTest {
  private static final List<String> COUNTS =
      List.of(
          "channel_closed",
          "channel_created",
          "connection_closed",
          "connection_created",
          "queue_created",
          "queue_declared",
          "queue_deleted");

  private static final List<String> USED =
      Stream.concat(
              COUNTS.stream(),
              Stream.of(
                  "mem_used",
                  "fd_used",
                  "sockets_used",
                  "proc_used",
                  "disk_free",
                  "gc_num",
                  "gc_bytes_reclaimed",
                  "context_switches",
                  "io_read_count",
                  "io_read_bytes",
                  "io_read_avg_time",
                  "io_write_count",
                  "io_write_bytes",
                  "io_write_avg_time",
                  "io_sync_count",
                  "io_sync_avg_time",
                  "io_seek_count",
                  "io_seek_avg_time",
                  "io_reopen_count",
                  "mnesia_ram_tx_count",
                  "mnesia_disk_tx_count",
                  "msg_store_read_count",
                  "msg_store_write_count",
                  "queue_index_write_count",
                  "queue_index_read_count"))
          .toList();

  private final String node = HttpTarget.current().node();

  @Test
  void overviewHasTheFieldsThatClientsRead() {
    assertFields(
        http.read("/overview"),
        List.of(
            "management_version",
            "rates_mode",
            "sample_retention_policies",
            "exchange_types",
            "product_version",
            "product_name",
            "rabbitmq_version",
            "cluster_name",
            "erlang_version",
            "erlang_full_version",
            "disable_stats",
            "enable_queue_totals",
            "message_stats",
            "churn_rates",
            "queue_totals",
            "object_totals",
            "statistics_db_event_queue",
            "node",
            "listeners",
            "contexts"),
        List.of("release_series_support_status"));
  }

  @Test
  void overviewNamesVersionsExchangeTypesAndListeners() {
    JsonNode overview = http.read("/overview");
    assertThat(overview.get("rabbitmq_version").textValue()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(overview.get("management_version")).isEqualTo(overview.get("rabbitmq_version"));
    assertThat(overview.get("rates_mode").textValue())
        .isEqualTo(BrokerUnderTest.isEmbedded() ? "basic" : "detailed");
    assertThat(overview.get("disable_stats").booleanValue()).isFalse();
    assertThat(overview.get("statistics_db_event_queue").isInt()).isTrue();
    assertThat(HttpAnswer.column(overview.get("exchange_types"), "name"))
        .contains("direct", "fanout", "headers", "topic");
    assertFields(overview.get("exchange_types").get(0), "name", "description", "enabled");
    JsonNode amqp = only(overview.get("listeners"), "protocol", "amqp");
    assertFields(amqp, "node", "protocol", "ip_address", "port", "socket_opts");
    assertThat(amqp.get("port").intValue()).isEqualTo(BrokerUnderTest.port());
    assertThat(amqp.get("node").textValue()).isEqualTo(node);
    JsonNode context = only(overview.get("contexts"), "description", "RabbitMQ Management");
    assertThat(context.get("port").asInt()).isEqualTo(BrokerUnderTest.managementUri().getPort());
    assertThat(context.get("path").textValue()).isEqualTo("/");
  }

  @Test
  void overviewCountsObjectsAndMessages() throws Exception {
    String queue = newQueue();
    fill(queue, "a", "b");
    channel.basicConsume(newQueue(), true, (tag, delivery) -> {}, tag -> {});
    JsonNode overview =
        eventually(
            "/overview",
            read -> {
              assertThat(read.at("/queue_totals/messages_ready").intValue()).isPositive();
              assertThat(read.at("/message_stats/publish").intValue()).isGreaterThanOrEqualTo(2);
              assertThat(read.at("/object_totals/consumers").intValue()).isPositive();
              assertThat(read.at("/churn_rates/queue_created").intValue()).isPositive();
            });
    JsonNode objects = overview.get("object_totals");
    assertFields(objects, "channels", "connections", "consumers", "exchanges", "queues");
    assertThat(objects.get("queues").intValue()).isGreaterThanOrEqualTo(2);
    assertThat(objects.get("exchanges").intValue()).isGreaterThanOrEqualTo(7);
    assertFields(
        overview.get("queue_totals"),
        "messages",
        "messages_details",
        "messages_ready",
        "messages_ready_details",
        "messages_unacknowledged",
        "messages_unacknowledged_details");
    for (String count : COUNTS) {
      assertThat(overview.get("churn_rates").get(count).isIntegralNumber()).as(count).isTrue();
      JsonNode details = overview.get("churn_rates").get(count + "_details");
      assertThat(details.get("rate").isFloatingPointNumber()).as(count).isTrue();
    }
  }

  @Test
  void declarationsAreCountedWhetherTheyMakeAQueueOrNot() throws Exception {
    String pointer = "/churn_rates/queue_declared";
    int before = http.read("/overview").at(pointer).intValue();
    String queue = putQueue(EMPTY);
    http.put(queuePath(queue), EMPTY).isEmpty(204);
    channel.queueDeclare(queue, false, false, false, null);
    eventually(
        "/overview",
        read -> assertThat(read.at(pointer).intValue()).isGreaterThanOrEqualTo(before + 3));
  }

  @Test
  void overviewGivesSamplesWhenAskedForThem() {
    JsonNode overview = http.read("/overview?lengths_age=60&lengths_incr=5");
    JsonNode details = overview.at("/queue_totals/messages_details");
    if (!details.isMissingNode()) {
      assertFields(details, "rate", "samples", "avg_rate", "avg");
      assertFields(details.get("samples").get(0), "sample", "timestamp");
    }
    assertThat(HttpAnswer.fields(overview)).contains("object_totals", "node");
  }

  @Test
  void overviewHidesTheNodeFromThoseWhoDoNotMonitor() {
    JsonNode seen = ManagementClient.as(newUser("management"), "p").read("/overview");
    assertThat(HttpAnswer.fields(seen))
        .contains("rabbitmq_version", "cluster_name", "object_totals")
        .doesNotContain("node", "listeners", "contexts");
    assertThat(HttpAnswer.fields(ManagementClient.as(newUser("monitoring"), "p").read("/overview")))
        .contains("node", "listeners", "contexts");
  }

  @Test
  void whoamiNamesTheUserAndItsTags() {
    JsonNode first = http.read("/whoami");
    assertFields(first, "name", "tags");
    assertThat(first.get("name").textValue()).isEqualTo(BrokerUnderTest.user());
    assertJson(first.get("tags"), List.of("administrator"));
    String user = newUser("monitoring,policymaker");
    JsonNode other = ManagementClient.as(user, "p").read("/whoami");
    assertJson(other, Map.of("name", user, "tags", List.of("monitoring", "policymaker")));
  }

  private JsonNode nodeWithStatistics() {
    return eventually(
        "/nodes/" + node,
        found ->
            assertThat(HttpAnswer.fields(found)).contains("fd_total", "mem_used", "run_queue"));
  }

  @Test
  void nodeHasTheFieldsThatClientsRead() {
    JsonNode read = nodeWithStatistics();
    assertThat(HttpAnswer.fields(read))
        .contains(
            "name",
            "type",
            "running",
            "uptime",
            "run_queue",
            "processors",
            "os_pid",
            "fd_total",
            "fd_used",
            "sockets_total",
            "sockets_used",
            "proc_total",
            "proc_used",
            "mem_limit",
            "mem_used",
            "mem_alarm",
            "mem_calculation_strategy",
            "disk_free",
            "disk_free_limit",
            "disk_free_alarm",
            "rates_mode",
            "enabled_plugins",
            "db_dir",
            "log_files",
            "config_files",
            "applications",
            "auth_mechanisms",
            "exchange_types",
            "contexts",
            "net_ticktime",
            "partitions",
            "cluster_links",
            "metrics_gc_queue_length");
  }

  @Test
  void nodeHasTheTypesThatClientsParse() {
    JsonNode read = nodeWithStatistics();
    assertThat(read.get("name").textValue()).isEqualTo(node);
    assertThat(read.get("type").textValue()).isEqualTo("disc");
    assertThat(read.get("running").booleanValue()).isTrue();
    assertThat(read.get("os_pid").textValue()).matches("\\d+");
    for (String number :
        List.of("uptime", "run_queue", "processors", "mem_limit", "mem_used", "disk_free")) {
      assertThat(read.get(number).isIntegralNumber()).as(number).isTrue();
    }
    for (String alarm : List.of("mem_alarm", "disk_free_alarm")) {
      assertThat(read.get(alarm).isBoolean()).as(alarm).isTrue();
      assertThat(read.get(alarm).booleanValue()).as(alarm).isFalse();
    }
    for (String array :
        List.of(
            "partitions",
            "enabled_plugins",
            "log_files",
            "config_files",
            "cluster_links",
            "contexts")) {
      assertThat(read.get(array).isArray()).as(array).isTrue();
    }
    assertFields(read.get("applications").get(0), "name", "description", "version");
    assertFields(read.get("auth_mechanisms").get(0), "name", "description", "enabled");
    assertThat(HttpAnswer.column(read.get("auth_mechanisms"), "name"))
        .contains("PLAIN", "AMQPLAIN");
  }

  @Test
  void nodeGivesSamplesWhenAskedForThem() {
    for (String path : List.of("/nodes/" + node, "/nodes")) {
      eventually(
          path + "?node_stats_age=10&node_stats_incr=5",
          read -> {
            JsonNode found = read.isArray() ? read.get(0) : read;
            for (String field : USED) {
              assertThat(found.get(field).isNumber()).as(field).isTrue();
              JsonNode details = found.get(field + "_details");
              assertFields(details, "rate", "samples", "avg_rate", "avg");
              assertThat(details.get("samples")).as(field).hasSize(3);
              assertFields(details.get("samples").get(0), "sample", "timestamp");
            }
            for (String field :
                List.of("mem_used", "fd_used", "sockets_used", "proc_used", "disk_free")) {
              JsonNode newest = found.at("/" + field + "_details/samples/0/sample");
              assertThat(newest.longValue()).as(field).isPositive();
            }
          });
    }
    JsonNode plain = nodeWithStatistics();
    for (String field : USED) {
      assertThat(HttpAnswer.fields(plain.get(field + "_details"))).containsExactly("rate");
    }
  }

  @Test
  void nodesAreAList() {
    JsonNode nodes = http.read("/nodes");
    assertThat(HttpAnswer.column(nodes, "name")).contains(node);
    assertJson(
        http.read("/nodes?columns=name,type,running"),
        List.of(Map.of("name", node, "type", "disc", "running", true)));
  }

  @Test
  void memoryOfTheNodeIsBrokenDown() {
    JsonNode memory = http.read("/nodes/" + node + "/memory").get("memory");
    assertThat(HttpAnswer.fields(memory))
        .contains("total", "strategy", "connection_readers", "queue_procs", "binary", "code");
    assertFields(memory.get("total"), "erlang", "rss", "allocated");
    JsonNode relative = http.read("/nodes/" + node + "/memory/relative").get("memory");
    assertThat(relative.get("total").intValue()).isEqualTo(100);
    assertThat(relative.get("binary").intValue()).isBetween(0, 100);
  }

  @Test
  void memoryOfTheTablesIsAnObject() {
    for (String path :
        List.of("ets", "ets/relative", "ets/management", "ets/management/relative")) {
      JsonNode read = http.read("/nodes/" + node + "/memory/" + path);
      assertThat(HttpAnswer.fields(read)).as(path).containsExactly("ets_tables_memory");
    }
  }

  @Test
  void clusterNameCanBeChanged() {
    String before = http.read("/cluster-name").get("name").textValue();
    String changed = name("cluster");
    try {
      http.put("/cluster-name", Map.of("name", changed)).isEmpty(204);
      assertJson(http.read("/cluster-name"), Map.of("name", changed));
      assertThat(http.read("/overview").get("cluster_name").textValue()).isEqualTo(changed);
      http.put("/cluster-name", EMPTY).misses("name");
    } finally {
      http.put("/cluster-name", Map.of("name", before)).isEmpty(204);
    }
    assertThat(http.read("/cluster-name").get("name").textValue()).isEqualTo(before);
  }

  @Test
  void extensionsAreAList() {
    JsonNode extensions = http.read("/extensions");
    assertThat(extensions.isArray()).isTrue();
    extensions.forEach(
        extension -> assertThat(HttpAnswer.fields(extension)).contains("javascript"));
  }

  @Test
  void statisticsCanBeReset() {
    http.delete("/reset/" + node).isEmpty(204);
    http.delete("/reset").isEmpty(204);
    http.delete("/reset/none").isNotFound();
  }

  @Test
  void queuesCanBeRebalanced() {
    http.post("/rebalance/queues", EMPTY).isEmpty(204);
  }

  @Test
  void samplesOfChurnComeWithThoseOfMessages() {
    String asked = "?lengths_age=60&lengths_incr=5&msg_rates_age=60&msg_rates_incr=5";
    eventually(
        "/overview" + asked,
        overview ->
            assertThat(overview.at("/churn_rates/connection_created_details/samples"))
                .isNotEmpty());
    assertThat(http.read("/overview").at("/churn_rates/connection_created_details").has("samples"))
        .isFalse();
  }
}
