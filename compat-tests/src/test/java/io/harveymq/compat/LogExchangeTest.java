package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** amq.rabbitmq.log, which an external broker may not have. */
class LogExchangeTest extends CompatTest {
  private static final String LOG = "amq.rabbitmq.log";

  /** Harvey has [WARN] where RabbitMQ has [warning]. */
  private static final Pattern LINE =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d [\\d:.]+\\S* \\[(\\w+)] .*\n", Pattern.DOTALL);

  private final BlockingQueue<Delivery> lines = new LinkedBlockingQueue<>();

  @BeforeEach
  void requireIt() throws Exception {
    boolean there;
    try (Channel asking = connection.createChannel()) {
      asking.exchangeDeclarePassive(LOG);
      there = true;
    } catch (IOException missing) {
      there = false;
    }
    BrokerUnderTest.requirePlugin(there, "log exchange");
  }

  private void listen(String key) throws Exception {
    String queue = newQueue();
    channel.queueBind(queue, LOG, key);
    channel.basicConsume(queue, true, (tag, line) -> lines.add(line), tag -> {});
  }

  private static String text(Delivery line) {
    return new String(line.getBody(), StandardCharsets.UTF_8);
  }

  /** The next line that has this text; fails when there is none for half a minute. */
  private Delivery next(String text) throws InterruptedException {
    while (true) {
      Delivery line = lines.poll(30, TimeUnit.SECONDS);
      assertThat(line).as("a line with '%s'", text).isNotNull();
      if (text(line).contains(text)) {
        return line;
      }
    }
  }

  /** Has a line logged that names this queue, which does not exist. */
  private void fail(String queue) throws Exception {
    try (Connection other = newConnection()) {
      assertThatThrownBy(() -> other.createChannel().queueDeclarePassive(queue))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void linesComeWithTheLevelAsKey() throws Exception {
    listen("#");
    Date before = new Date(System.currentTimeMillis() / 1_000 * 1_000);
    String queue = name("none");
    fail(queue);
    Delivery line = next(queue);
    assertThat(line.getEnvelope().getExchange()).isEqualTo(LOG);
    assertThat(line.getEnvelope().getRoutingKey()).isIn("debug", "info", "warning", "error");
    Matcher level = LINE.matcher(text(line));
    assertThat(level.matches()).as(text(line)).isTrue();
    assertThat(line.getEnvelope().getRoutingKey()).startsWithIgnoringCase(level.group(1));
    AMQP.BasicProperties properties = line.getProperties();
    assertThat(properties.getContentType()).isEqualTo("text/plain");
    assertThat(properties.getTimestamp()).isBetween(before, new Date(), true, true);
    assertThat(properties.getHeaders()).containsOnlyKeys("node");
    assertThat(properties.getHeaders().get("node").toString()).contains("@");
    assertThat(properties.getDeliveryMode()).isNull();
  }

  @Test
  void aBindingChoosesLevels() throws Exception {
    listen("*");
    String first = name("none");
    fail(first);
    String level = next(first).getEnvelope().getRoutingKey();
    lines.clear();
    BlockingQueue<Delivery> others = new LinkedBlockingQueue<>();
    String queue = newQueue();
    channel.queueBind(queue, LOG, "not." + level);
    channel.basicConsume(queue, true, (tag, line) -> others.add(line), tag -> {});
    String second = name("none");
    fail(second);
    next(second);
    assertThat(others).isEmpty();
  }

  @Test
  void itIsADurableInternalTopicExchangeThatStays() throws Exception {
    channel.exchangeDeclare(LOG, "topic", true, false, true, Map.of());
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - inequivalent arg 'internal' for exchange 'amq.rabbitmq.log' in"
                + " vhost '/': received 'false' but current is 'true'",
            AmqpMethod.EXCHANGE_DECLARE),
        open -> open.exchangeDeclare(LOG, "topic", true, false, false, Map.of()));
    assertChannelError(
        Closing.channel(
            403,
            "ACCESS_REFUSED - deletion of system exchange 'amq.rabbitmq.log' in vhost '/' not"
                + " allowed",
            AmqpMethod.EXCHANGE_DELETE),
        open -> open.exchangeDelete(LOG));
  }
}
