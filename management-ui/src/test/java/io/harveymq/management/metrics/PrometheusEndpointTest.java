package io.harveymq.management.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Broker;
import io.harveymq.broker.BrokerConfig;
import io.harveymq.broker.ResourceLimit;
import io.harveymq.broker.channel.DirectMessages;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.harveymq.management.Management;
import io.harveymq.management.ManagementOptions;
import io.harveymq.management.ManagementOptions.Endpoint;
import io.harveymq.management.ManagementOptions.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrometheusEndpointTest {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z_]+)(?:\\{((?:[a-z_]+=\"(?:[^\"\\\\]|\\\\.)*\",?)+)})? ([0-9.E+-]+)");

  /** What RabbitMQ tells of Erlang's machine, of files and of Raft, and what Harvey can't tell. */
  private static final Pattern NOT_IN_A_JVM =
      Pattern.compile(
          "rabbitmq_(erlang_(net|scheduler_run).*|io_.*|raft_.*|schema_db_.*|msg_store_.*"
              + "|queue_index_.*|.*_process_reductions_total|queue_disk_.*"
              + "|queue_head_message_timestamp)");

  private Broker broker;
  private Management management;

  @BeforeEach
  void start() throws Exception {
    broker = Broker.start(BrokerConfig.builder().freeDiskSpace(() -> 1L << 40).build());
    broker.alarms().diskFreeLimit(ResourceLimit.absolute(1)); // waits until the disk is known
    management =
        Management.start(
            broker, ManagementOptions.loopback().withMetrics(new Metrics(Endpoint.loopback())));
  }

  @AfterEach
  void stop() {
    management.close();
    broker.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    String uri = "http://127.0.0.1:" + management.metricsPort() + path;
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** All values by name and labels, such as {@code name{a="b"}}; fails for a line that is none. */
  private Map<String, Double> scrape(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("text/plain; version=0.0.4");
    Map<String, Double> values = new HashMap<>();
    answer
        .body()
        .lines()
        .filter(line -> !line.startsWith("# "))
        .forEach(
            line -> {
              Matcher sample = SAMPLE.matcher(line);
              assertThat(sample.matches()).as(line).isTrue();
              String labels = sample.group(2) == null ? "" : "{" + sample.group(2) + "}";
              Double before = values.put(sample.group(1) + labels, Double.valueOf(sample.group(3)));
              assertThat(before).as(line).isNull();
            });
    return values;
  }

  private static Map<String, String> typesOf(String body) {
    Map<String, String> types = new TreeMap<>();
    body.lines()
        .filter(line -> line.startsWith("# TYPE "))
        .map(line -> line.split(" "))
        .forEach(words -> types.put(words[2], words[3]));
    return types;
  }

  private static Map<String, String> typesOfRabbitMq() throws IOException {
    try (InputStream list =
        PrometheusEndpointTest.class.getResourceAsStream("/rabbitmq-metrics.txt")) {
      Map<String, String> types = new TreeMap<>();
      new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" "))
          .forEach(words -> types.put(words[0], words[1]));
      return types;
    }
  }

  private void queue(String name) {
    await(new QueueMethod.Declare(name, false, false, false, false, false, FieldTable.EMPTY));
  }

  private void await(QueueMethod method) {
    await("/", method);
  }

  private void await(String vhost, QueueMethod method) {
    broker
        .commands()
        .carryOut(broker.access().ownIdentity("guest"), vhost, method)
        .toCompletableFuture()
        .join();
  }

  private void publish(String key) {
    publish("/", key);
  }

  private void publish(String vhost, String key) {
    byte[] properties = BasicProperties.EMPTY.encoded();
    broker
        .commands()
        .publish(
            broker.access().ownIdentity("guest"),
            vhost,
            new DirectMessages.Publish("", key, properties, new byte[10]))
        .toCompletableFuture()
        .join();
  }

  private void get(String queue, int count) {
    broker
        .commands()
        .get(
            broker.access().ownIdentity("guest"),
            "/",
            new DirectMessages.Get(queue, count, DirectMessages.Afterwards.ACK))
        .toCompletableFuture()
        .join();
  }

  @Test
  void metricsAloneAreServedForEachObjectAtAnotherPathWhenAskedFor() throws Exception {
    management.close();
    queue("q");
    management =
        Management.start(
            broker,
            ManagementOptions.metricsOnly(new Metrics(Endpoint.loopback(), null, "/m/x", true)));

    assertThat(scrape("/m/x")).containsKey("rabbitmq_queue_messages{queue=\"q\",vhost=\"/\"}");
    assertThat(get("/metrics").statusCode()).isEqualTo(404);
    assertThat(management.metricsUri()).endsWith(":" + management.metricsPort() + "/m/x");
    assertThat(management.uri()).isNull();
  }

  @Test
  void namesAndTypesAreThoseOfRabbitMq() throws Exception {
    queue("q");
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(management.uri() + "api/whoami"))
                .header("authorization", "Basic Z3Vlc3Q6Z3Vlc3Q=")
                .build(),
            HttpResponse.BodyHandlers.discarding());
    Map<String, String> types = typesOf(get("/metrics").body());
    Map<String, String> expected = typesOfRabbitMq();
    expected.keySet().removeIf(name -> NOT_IN_A_JVM.matcher(name).matches());
    assertThat(types).isEqualTo(expected);
  }

  @Test
  void trafficIsCounted() throws Exception {
    queue("q");
    publish("q");
    publish("q");
    publish("nowhere");
    get("q", 1);
    Map<String, Double> values = scrape("/metrics");
    assertThat(values)
        .containsEntry("rabbitmq_queues", 1.0)
        .containsEntry("rabbitmq_queue_messages", 1.0)
        .containsEntry("rabbitmq_queue_messages_ready", 1.0)
        .containsEntry("rabbitmq_queue_messages_bytes", 10.0)
        .containsEntry("rabbitmq_queues_created_total", 1.0)
        .containsEntry("rabbitmq_queue_messages_published_total", 2.0)
        .containsEntry("rabbitmq_channel_get_total", 1.0)
        .containsEntry("rabbitmq_global_messages_received_total{protocol=\"amqp091\"}", 3.0)
        .containsEntry("rabbitmq_global_messages_routed_total{protocol=\"amqp091\"}", 2.0)
        .containsEntry(
            "rabbitmq_global_messages_unroutable_returned_total{protocol=\"amqp091\"}", 1.0)
        .containsEntry(
            "rabbitmq_global_messages_delivered_get_auto_ack_total"
                + "{protocol=\"amqp091\",queue_type=\"rabbit_classic_queue\"}",
            1.0)
        .containsEntry("rabbitmq_disk_space_available_bytes", (double) (1L << 40));
    assertThat(values.get("rabbitmq_process_resident_memory_bytes")).isGreaterThan(1e6);
    assertThat(values.get("rabbitmq_queue_process_memory_bytes")).isGreaterThan(10);
    assertThat(values.get("rabbitmq_queue_messages_paged_out_bytes")).isZero();
    assertThat(values.get("rabbitmq_erlang_processes_used")).isPositive();
    assertThat(values.get("rabbitmq_erlang_processes_limit")).isGreaterThan(10);
    double now = System.currentTimeMillis() / 1_000.0;
    assertThat(values.get("process_start_time_seconds")).isBetween(now - 600, now);
  }

  @Test
  void declarationsAreCountedWhetherTheyMakeAQueueOrNot() throws Exception {
    queue("q");
    queue("q");
    await(new QueueMethod.Declare("q", true, false, false, false, false, FieldTable.EMPTY));
    assertThat(scrape("/metrics"))
        .containsEntry("rabbitmq_queues_declared_total", 2.0)
        .containsEntry("rabbitmq_queues_created_total", 1.0);
    assertThat(get("/metrics").body())
        .contains("# HELP rabbitmq_queues_created_total Queues made\n");
  }

  @Test
  void countsOutliveTheirQueues() throws Exception {
    queue("q");
    publish("q");
    get("q", 1);
    await(new QueueMethod.Delete("q", false, false, false));
    assertThat(scrape("/metrics"))
        .containsEntry("rabbitmq_queues", 0.0)
        .containsEntry("rabbitmq_queue_messages_published_total", 1.0)
        .containsEntry("rabbitmq_global_messages_routed_total{protocol=\"amqp091\"}", 1.0)
        .containsEntry(
            "rabbitmq_global_messages_delivered_total"
                + "{protocol=\"amqp091\",queue_type=\"rabbit_classic_queue\"}",
            1.0);
  }

  @Test
  void countsOutliveTheirVirtualHost() throws Exception {
    queue("q");
    publish("q");
    broker.access().addVhost("other");
    broker.access().setPermissions("guest", "other", ".*", ".*", ".*");
    await(
        "other", new QueueMethod.Declare("q", false, false, false, false, false, FieldTable.EMPTY));
    publish("other", "q");
    broker.access().deleteVhost("other");
    assertThat(scrape("/metrics"))
        .containsEntry("rabbitmq_queues", 1.0)
        .containsEntry("rabbitmq_queue_messages", 1.0)
        .containsEntry("rabbitmq_queues_created_total", 2.0)
        .containsEntry("rabbitmq_queue_messages_published_total", 2.0)
        .containsEntry("rabbitmq_global_messages_received_total{protocol=\"amqp091\"}", 2.0)
        .containsEntry("rabbitmq_global_messages_routed_total{protocol=\"amqp091\"}", 2.0);
  }

  @Test
  void deathsAreCountedByReason() throws Exception {
    FieldTable arguments = FieldTable.builder().put("x-max-length", 1).build();
    await(new QueueMethod.Declare("q", false, false, false, false, false, arguments));
    publish("q");
    publish("q");
    publish("q");
    assertThat(scrape("/metrics"))
        .containsEntry(
            "rabbitmq_global_messages_dead_lettered_maxlen_total"
                + "{dead_letter_strategy=\"disabled\",queue_type=\"rabbit_classic_queue\"}",
            2.0);
  }

  @Test
  void objectsHaveLabels() throws Exception {
    queue("a\"b");
    publish("a\"b");
    assertThat(scrape("/metrics/per-object"))
        .containsEntry("rabbitmq_queue_messages_ready{queue=\"a\\\"b\",vhost=\"/\"}", 1.0);
  }

  @Test
  void detailsAreOfWhatIsAskedFor() throws Exception {
    broker.access().addVhost("other");
    queue("q");
    assertThat(scrape("/metrics/detailed").keySet())
        .allMatch(name -> name.matches("rabbitmq_(build|identity)_info.*"));
    Map<String, Double> coarse =
        scrape("/metrics/detailed?family=queue_coarse_metrics&family=vhost_status");
    assertThat(coarse)
        .containsEntry("rabbitmq_detailed_queue_messages{queue=\"q\",vhost=\"/\"}", 0.0)
        .containsEntry("rabbitmq_cluster_vhost_status{vhost=\"other\"}", 1.0)
        .doesNotContainKey("rabbitmq_detailed_queue_consumers{queue=\"q\",vhost=\"/\"}");
    assertThat(scrape("/metrics/detailed?family=queue_coarse_metrics&vhost=other"))
        .doesNotContainKey("rabbitmq_detailed_queue_messages{queue=\"q\",vhost=\"/\"}");
  }

  @Test
  void memoryIsBrokenDown() throws Exception {
    assertThat(scrape("/metrics/memory-breakdown").get("rabbitmq_memory_code_module_bytes"))
        .isPositive();
  }

  @Test
  void otherPathsAreUnknown() throws Exception {
    assertThat(get("/metrics/none").statusCode()).isEqualTo(404);
  }
}
