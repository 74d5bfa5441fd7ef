package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Prometheus' metrics of single objects: their names, labels and values. */
class MetricsTest extends HttpTest {
  private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)\\{(.*)} ([0-9.E+-]+)");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

  private String queue;
  private String exchange;

  private record Sample(String name, Map<String, String> labels, double value) {
    private static Sample of(Matcher line) {
      Map<String, String> labels = new TreeMap<>();
      Matcher label = LABEL.matcher(line.group(2));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
      return new Sample(line.group(1), labels, Double.parseDouble(line.group(3)));
    }
  }

  @BeforeEach
  void publishAndTake() throws Exception {
    queue = newQueue();
    exchange = putExchange("direct");
    channel.queueBind(queue, exchange, "k");
    channel.confirmSelect();
    for (String key : List.of("k", "k", "k", "nowhere")) {
      channel.basicPublish(exchange, key, null, new byte[1]);
    }
    channel.basicPublish(exchange, "nowhere", true, null, new byte[1]);
    channel.basicPublish("", queue, null, new byte[1]);
    channel.waitForConfirmsOrDie(10_000);
    GetResponse got = channel.basicGet(queue, false);
    channel.basicNack(got.getEnvelope().getDeliveryTag(), false, true);
    got = channel.basicGet(queue, false);
    channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
    channel.basicGet(queue, true);
  }

  private List<Sample> scrape(String path) throws IOException, InterruptedException {
    int port =
        only(http.read("/overview").get("listeners"), "protocol", "http/prometheus")
            .get("port")
            .intValue();
    URI uri = URI.create("http://" + BrokerUnderTest.host() + ":" + port + path);
    List<Sample> samples = new ArrayList<>();
    HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body()
        .lines()
        .map(SAMPLE::matcher)
        .filter(Matcher::matches)
        .forEach(line -> samples.add(Sample.of(line)));
    return samples;
  }

  /** The one value of a metric that has this label; fails unless it has just these others. */
  private static double value(
      List<Sample> samples, String name, String label, String of, String... others) {
    List<Sample> found =
        samples.stream()
            .filter(one -> one.name.equals(name) && of.equals(one.labels.get(label)))
            .toList();
    assertThat(found).as("%s of %s %s", name, label, of).hasSize(1);
    Map<String, String> labels = new TreeMap<>(found.get(0).labels);
    labels.remove(label);
    assertThat(labels.keySet()).containsExactlyInAnyOrder(others);
    assertThat(labels.getOrDefault("vhost", "/")).isEqualTo("/");
    return found.get(0).value;
  }

  private void toldOfExchangesAndQueues(List<Sample> all, String prefix) {
    String[] beside = {"channel", "vhost"};
    String messages = prefix + "channel_messages_";
    assertThat(value(all, messages + "published_total", "exchange", exchange, beside)).isEqualTo(5);
    assertThat(value(all, messages + "confirmed_total", "exchange", exchange, beside)).isEqualTo(5);
    String unroutable = messages + "unroutable_";
    assertThat(value(all, unroutable + "returned_total", "exchange", exchange, beside))
        .isEqualTo(1);
    assertThat(value(all, unroutable + "dropped_total", "exchange", exchange, beside)).isEqualTo(1);
    String channels = prefix + "channel_";
    assertThat(value(all, channels + "get_ack_total", "queue", queue, beside)).isEqualTo(2);
    assertThat(value(all, channels + "get_total", "queue", queue, beside)).isEqualTo(1);
    assertThat(value(all, messages + "acked_total", "queue", queue, beside)).isEqualTo(1);
    assertThat(value(all, messages + "redelivered_total", "queue", queue, beside)).isEqualTo(1);
    assertThat(value(all, messages + "delivered_total", "queue", queue, beside)).isZero();
    assertThat(value(all, messages + "delivered_ack_total", "queue", queue, beside)).isZero();
    assertThat(value(all, channels + "get_empty_total", "queue", queue, beside)).isZero();
  }

  private void toldOfMemory(List<Sample> all, String prefix) {
    String messages = prefix + "queue_messages_";
    assertThat(value(all, messages + "paged_out_bytes", "queue", queue, "vhost")).isZero();
    String memory = prefix + "queue_process_memory_bytes";
    assertThat(value(all, memory, "queue", queue, "vhost")).isPositive();
  }

  private static double publishedInto(List<Sample> all, String name, String queue, String from) {
    List<Sample> found =
        all.stream()
            .filter(one -> one.name.equals(name))
            .filter(one -> queue.equals(one.labels.get("queue")))
            .filter(one -> from.equals(one.labels.get("exchange")))
            .toList();
    assertThat(found).as("%s into %s from '%s'", name, queue, from).hasSize(1);
    assertThat(found.get(0).labels).containsEntry("queue_vhost", "/");
    assertThat(found.get(0).labels).containsEntry("exchange_vhost", "/");
    return found.get(0).value;
  }

  private void scraped(String path, Check check) {
    await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> check.of(scrape(path)));
  }

  private interface Check {
    void of(List<Sample> samples);
  }

  @Test
  void channelsAreCountedByExchangeAndQueue() {
    scraped(
        "/metrics/per-object",
        all -> {
          toldOfExchangesAndQueues(all, "rabbitmq_");
          toldOfMemory(all, "rabbitmq_");
          String published = "rabbitmq_queue_messages_published_total";
          assertThat(publishedInto(all, published, queue, exchange)).isEqualTo(3);
          assertThat(publishedInto(all, published, queue, "")).isEqualTo(1);
        });
  }

  @Test
  void detailsAreByExchangeAndQueueToo() {
    scraped(
        "/metrics/detailed?family=channel_exchange_metrics&family=channel_queue_metrics",
        all -> {
          toldOfExchangesAndQueues(all, "rabbitmq_detailed_");
          assertThat(all).noneMatch(one -> one.name.startsWith("rabbitmq_detailed_queue"));
        });
    scraped(
        "/metrics/detailed?family=queue_metrics", all -> toldOfMemory(all, "rabbitmq_detailed_"));
    scraped(
        "/metrics/detailed?family=channel_queue_exchange_metrics",
        all -> {
          String published = "rabbitmq_detailed_queue_messages_published_total";
          assertThat(publishedInto(all, published, queue, exchange)).isEqualTo(3);
          assertThat(all).noneMatch(one -> one.name.startsWith("rabbitmq_detailed_channel"));
        });
  }

  @Test
  void queuesTellHowManyMessagesSurviveAndWhetherConsumersKeepUp() {
    scraped(
        "/metrics/per-object",
        all -> {
          String metric = "rabbitmq_queue_messages";
          assertThat(value(all, metric, "queue", queue, "vhost")).isEqualTo(2);
          assertThat(value(all, metric + "_persistent", "queue", queue, "vhost")).isZero();
          assertThat(value(all, metric + "_persistent_bytes", "queue", queue, "vhost")).isZero();
          String consumers = "rabbitmq_queue_consumer_";
          assertThat(value(all, consumers + "capacity", "queue", queue, "vhost")).isZero();
          assertThat(value(all, consumers + "utilisation", "queue", queue, "vhost")).isZero();
        });
  }
}
