package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code /queues} tells of the life of a queue. */
class HttpQueueStatisticsTest extends HttpTest {
  /** Fields of any queue that is alive, in lists as well. */
  private static final List<String> ALIVE =
      List.of(
          "arguments",
          "auto_delete",
          "consumers",
          "durable",
          "effective_policy_definition",
          "exclusive",
          "memory",
          "messages",
          "messages_details",
          "messages_ready",
          "messages_ready_details",
          "messages_unacknowledged",
          "messages_unacknowledged_details",
          "name",
          "node",
          "operator_policy",
          "policy",
          "state",
          "type",
          "vhost");

  /** What classic queues of 3.10 have besides; later versions left some of it out. */
  private static final List<String> CLASSIC_310 =
      List.of(
          "backing_queue_status",
          "consumer_capacity",
          "consumer_utilisation",
          "exclusive_consumer_tag",
          "garbage_collection",
          "head_message_timestamp",
          "idle_since",
          "message_bytes",
          "message_bytes_paged_out",
          "message_bytes_persistent",
          "message_bytes_ram",
          "message_bytes_ready",
          "message_bytes_unacknowledged",
          "messages_paged_out",
          "messages_persistent",
          "messages_ram",
          "messages_ready_ram",
          "messages_unacknowledged_ram",
          "recoverable_slaves",
          "reductions",
          "reductions_details",
          "single_active_consumer_tag");

  private static List<String> plus(List<String> first, String... more) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return all;
  }

  private static void isAlive(JsonNode queue) {
    assertThat(queue.has("messages") && queue.has("idle_since")).as("" + queue).isTrue();
  }

  @Test
  void idleQueueHasTheFieldsThatClientsRead() {
    String queue = putQueue(EMPTY);
    JsonNode read = eventually(queuePath(queue), HttpQueueStatisticsTest::isAlive);
    assertFields(read, plus(ALIVE, "consumer_details", "deliveries", "incoming"), CLASSIC_310);
    assertThat(read.get("state").textValue()).isEqualTo("running");
    assertThat(read.get("type").textValue()).isEqualTo("classic");
    assertThat(read.get("policy").isNull()).isTrue();
    assertThat(read.get("operator_policy").isNull()).isTrue();
    assertJson(read.get("effective_policy_definition"), EMPTY);
    assertThat(read.get("exclusive_consumer_tag").isNull()).isTrue();
    assertThat(read.get("single_active_consumer_tag").isNull()).isTrue();
    assertThat(read.get("head_message_timestamp").isNull()).isTrue();
    assertThat(read.get("messages").isInt()).isTrue();
    assertThat(read.get("memory").isIntegralNumber()).isTrue();
    assertThat(read.at("/messages_details/rate").isFloatingPointNumber()).isTrue();
    assertThat(read.get("idle_since").textValue())
        .matches("\\d{4}-\\d\\d-\\d\\dT?\\s?\\d\\d?:\\d\\d?:\\d\\d?.*");
    if (BrokerUnderTest.isEmbedded()) {
      assertThat(read.get("idle_since").textValue())
          .as("stands still, although the queue was never used")
          .endsWith(":00.000+00:00");
    }
    JsonNode listed = only(http.read("/queues/%2F"), "name", queue);
    assertFields(listed, ALIVE, CLASSIC_310);
  }

  @Test
  void queueWithAConsumerIsIdleWhileNothingHappens() throws Exception {
    String queue = newQueue();
    channel.basicConsume(queue, true, (tag, delivery) -> {}, tag -> {});
    JsonNode read = eventually(queuePath(queue), HttpQueueStatisticsTest::isAlive);
    assertThat(read.get("consumers").intValue()).isEqualTo(1);
  }

  @Test
  void messagesAndBytesAreCounted() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    channel.basicGet(queue, false);
    JsonNode read =
        eventually(
            queuePath(queue),
            found -> {
              assertThat(found.path("messages").intValue()).isEqualTo(3);
              assertThat(found.path("messages_unacknowledged").intValue()).isEqualTo(1);
              assertThat(found.at("/message_stats/get").intValue()).isEqualTo(1);
              assertThat(found.at("/message_stats/publish").intValue()).isEqualTo(3);
            });
    assertThat(read.get("messages_ready").intValue()).isEqualTo(2);
    assertThat(read.get("message_bytes").intValue()).isEqualTo(11);
    assertThat(read.get("message_bytes_ready").intValue()).isEqualTo(8);
    assertThat(read.get("message_bytes_unacknowledged").intValue()).isEqualTo(3);
    assertThat(read.get("message_bytes_persistent").intValue()).isZero();
    JsonNode counts = read.get("message_stats");
    assertThat(HttpAnswer.fields(counts))
        .contains(
            "ack",
            "deliver",
            "deliver_get",
            "deliver_no_ack",
            "get",
            "get_empty",
            "get_no_ack",
            "publish",
            "redeliver");
    assertThat(counts.get("deliver_get").intValue()).isEqualTo(1);
    assertThat(counts.get("ack").intValue()).isZero();
    assertThat(counts.at("/publish_details/rate").isFloatingPointNumber()).isTrue();
  }

  @Test
  void consumersOfAQueueAreShown() throws Exception {
    String queue = newQueue();
    channel.basicQos(5);
    String tag =
        channel.basicConsume(
            queue, false, name("t"), false, false, Map.of("x-priority", 2), (t, d) -> {}, t -> {});
    JsonNode read =
        eventually(
            queuePath(queue),
            found -> {
              assertThat(found.path("consumers").intValue()).isEqualTo(1);
              assertThat(found.path("consumer_details")).hasSize(1);
              assertThat(found.at("/consumer_details/0/channel_details/user").isTextual()).isTrue();
            });
    JsonNode consumer = read.get("consumer_details").get(0);
    assertFields(
        consumer,
        "arguments",
        "channel_details",
        "ack_required",
        "active",
        "activity_status",
        "consumer_tag",
        "exclusive",
        "prefetch_count",
        "queue");
    assertThat(consumer.get("consumer_tag").textValue()).isEqualTo(tag);
    assertThat(consumer.get("prefetch_count").intValue()).isEqualTo(5);
    assertThat(consumer.get("ack_required").booleanValue()).isTrue();
    assertThat(consumer.get("active").booleanValue()).isTrue();
    assertThat(consumer.get("activity_status").textValue()).isEqualTo("up");
    assertJson(consumer.get("arguments"), Map.of("x-priority", 2));
    assertJson(consumer.get("queue"), Map.of("name", queue, "vhost", "/"));
    assertThat(consumer.at("/channel_details/number").intValue())
        .isEqualTo(channel.getChannelNumber());
    assertThat(consumer.at("/channel_details/user").textValue()).isEqualTo(BrokerUnderTest.user());
  }

  @Test
  void exclusiveConsumerAndSingleActiveConsumerAreNamed() throws Exception {
    String exclusive = newQueue();
    channel.basicConsume(exclusive, true, "only", false, true, null, (t, d) -> {}, t -> {});
    String single = putQueue(Map.of("arguments", Map.of("x-single-active-consumer", true)));
    channel.basicConsume(single, true, "first", (t, d) -> {}, t -> {});
    eventually(
        queuePath(exclusive),
        found -> assertThat(found.path("exclusive_consumer_tag").textValue()).isEqualTo("only"));
    eventually(
        queuePath(single),
        found ->
            assertThat(found.path("single_active_consumer_tag").textValue()).isEqualTo("first"));
  }

  @Test
  void quorumQueueNamesItsMembers() {
    String queue = putQueue(Map.of("durable", true, "arguments", Map.of("x-queue-type", "quorum")));
    JsonNode read =
        eventually(
            queuePath(queue),
            found -> assertThat(HttpAnswer.fields(found)).containsAll(ALIVE).contains("leader"));
    assertThat(read.get("type").textValue()).isEqualTo("quorum");
    String node = HttpTarget.current().node();
    assertThat(read.get("leader").textValue()).isEqualTo(node);
    assertJson(read.get("members"), List.of(node));
    assertJson(read.get("online"), List.of(node));
    assertThat(read.get("open_files").get(node).isInt()).isTrue();
  }

  @Test
  void streamNamesItsMembers() {
    String queue = putQueue(Map.of("durable", true, "arguments", Map.of("x-queue-type", "stream")));
    JsonNode read =
        eventually(
            queuePath(queue),
            found -> assertThat(HttpAnswer.fields(found)).containsAll(ALIVE).contains("members"));
    assertThat(read.get("type").textValue()).isEqualTo("stream");
    assertJson(read.get("members"), List.of(HttpTarget.current().node()));
  }

  @Test
  void policiesOfAQueueAreShown() {
    String queue = putQueue(EMPTY);
    String policy = name("p");
    String operator = name("o");
    String pattern = "^" + queue + "$";
    http.put(
            temporary("/policies/%2F/" + policy),
            Map.of("pattern", pattern, "definition", Map.of("max-length", 9, "expires", 900000)))
        .isEmpty(201);
    http.put(
            temporary("/operator-policies/%2F/" + operator),
            Map.of("pattern", pattern, "definition", Map.of("max-length", 4)))
        .isEmpty(201);
    JsonNode read =
        eventually(
            queuePath(queue),
            found -> {
              assertThat(found.path("policy").textValue()).isEqualTo(policy);
              assertThat(found.path("operator_policy").textValue()).isEqualTo(operator);
            });
    assertJson(read.get("effective_policy_definition"), Map.of("max-length", 4, "expires", 900000));
  }

  @Test
  void statisticsMayBeLeftOut() {
    String queue = putQueue(EMPTY);
    JsonNode read = only(http.read("/queues/%2F?disable_stats=true"), "name", queue);
    assertFields(
        read,
        "arguments",
        "auto_delete",
        "durable",
        "exclusive",
        "name",
        "node",
        "state",
        "type",
        "vhost");
    JsonNode totals =
        only(http.read("/queues/%2F?disable_stats=true&enable_queue_totals=true"), "name", queue);
    assertThat(HttpAnswer.fields(totals))
        .contains("messages", "messages_ready", "messages_unacknowledged")
        .doesNotContain("message_stats", "memory");
  }

  @Test
  void policyAndReplicasAreToldWithoutStatistics() {
    String queue = putQueue(Map.of("durable", true, "arguments", Map.of("x-queue-type", "quorum")));
    String policy = name("hp");
    http.put(
            "/policies/%2F/" + policy,
            Map.of("pattern", "^" + queue + "$", "definition", Map.of("max-length", 4)))
        .isEmpty(201);
    try {
      JsonNode read = only(http.read("/queues/%2F?disable_stats=true"), "name", queue);
      assertThat(read.path("policy").textValue()).isEqualTo(policy);
      String node = HttpTarget.current().node();
      assertThat(read.path("leader").textValue()).isEqualTo(node);
      assertJson(read.get("members"), List.of(node));
      assertJson(read.get("online"), List.of(node));
    } finally {
      http.delete("/policies/%2F/" + policy).isEmpty(204);
    }
  }

  @Test
  void lengthsAndRatesComeAsSamplesWhenAskedFor() throws Exception {
    String queue = newQueue();
    fill(queue, "a");
    String path =
        queuePath(queue)
            + "?lengths_age=60&lengths_incr=5&msg_rates_age=60&msg_rates_incr=5"
            + "&columns=messages,messages_details,message_stats";
    JsonNode read =
        eventually(
            path,
            found -> {
              assertThat(found.path("messages").intValue()).isEqualTo(1);
              assertThat(found.at("/message_stats/publish").intValue()).isEqualTo(1);
            });
    JsonNode details = read.at("/messages_details");
    assertFields(details, "rate", "samples", "avg_rate", "avg");
    assertThat(details.get("samples")).hasSizeBetween(12, 14);
    JsonNode sample = details.get("samples").get(0);
    assertFields(sample, "sample", "timestamp");
    assertThat(sample.get("timestamp").longValue() % 5_000).isZero();
    assertFields(read.at("/message_stats/publish_details"), "rate", "samples", "avg_rate", "avg");
  }

  @Test
  void bytesComeAsSamplesFromHarveyWhenLengthsAreAskedFor() throws Exception {
    assumeTrue(BrokerUnderTest.isEmbedded(), "the broker is not Harvey");
    String queue = newQueue();
    fill(queue, "four", "more");
    assertThat(http.read(queuePath(queue)).has("message_bytes_details"))
        .as("as in RabbitMQ")
        .isFalse();
    JsonNode details =
        http.read(queuePath(queue) + "?lengths_age=60&lengths_incr=5").get("message_bytes_details");
    assertFields(details, "rate", "samples", "avg_rate", "avg");
  }

  @Test
  void samplesOfATimeBeforeTheQueueAreZeroAndHarveyTellsThatItWasNotThere() throws Exception {
    assumeTrue(BrokerUnderTest.isEmbedded(), "the broker is not Harvey");
    long before = System.currentTimeMillis();
    String queue = newQueue();
    fill(queue, "a", "b");
    JsonNode details =
        eventually(
                queuePath(queue) + "?lengths_age=60&lengths_incr=5",
                found ->
                    assertThat(found.at("/messages_details/samples/0/sample").intValue())
                        .isEqualTo(2))
            .get("messages_details");
    long since = details.get("samples_since").longValue();
    assertThat(since).isGreaterThanOrEqualTo(before);
    for (JsonNode sample : details.get("samples")) {
      boolean isKnown = sample.get("timestamp").longValue() >= since;
      assertThat(sample.get("sample").intValue()).isEqualTo(isKnown ? 2 : 0);
    }
  }
}
