package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a broker still has after it was stopped or killed and started again: durable exchanges,
 * queues, bindings, and persistent messages as they were. Every expectation was read off RabbitMQ
 * 3.10.8: a stop and SIGKILL differ in nothing but the redelivered flags and in auto-delete queues
 * that had consumers. An acknowledgement right before SIGKILL may be forgotten; here a confirmed
 * publish to the same queue always comes after it. One broker process serves all tests; each has
 * names of its own.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartTest {
  private BrokerProcess broker;
  private Connection connection;
  private Channel channel;
  private int names;

  /** A message as basic.get shows it. */
  private record Seen(String body, boolean redelivered) {}

  @BeforeAll
  void startBroker() throws Exception {
    broker = BrokerProcess.create();
    broker.start();
  }

  @AfterAll
  void removeBroker() throws Exception {
    broker.close();
  }

  @BeforeEach
  void connect() throws Exception {
    connection = broker.connect();
    channel = connection.createChannel();
  }

  @AfterEach
  void disconnect() {
    connection.abort(5_000);
  }

  @ParameterizedTest
  @EnumSource
  void messagesKeepTheirPlacesAndTheirFlags(RestartEnd end) throws Exception {
    String queue = durableQueue(Map.of());
    fillPersistent(queue, 9);
    Channel other = connection.createChannel();
    for (int delivered = 0; delivered < 5; delivered++) {
      other.basicGet(queue, false);
    }
    other.basicNack(2, false, true);
    other.basicNack(4, false, true);
    other.basicAck(3, false);
    other.basicQos(0);
    fillPersistent(queue, 9, 10);

    restart(end);

    // After SIGKILL RabbitMQ does not know what was delivered, and says it of every message.
    boolean rest = end == RestartEnd.KILLED;
    assertThat(all(queue))
        .containsExactly(
            new Seen("0", true),
            new Seen("1", true),
            new Seen("3", true),
            new Seen("4", true),
            new Seen("5", rest),
            new Seen("6", rest),
            new Seen("7", rest),
            new Seen("8", rest),
            new Seen("9", rest));
  }

  @ParameterizedTest
  @EnumSource
  void whatAConsumerHadComesBackFirst(RestartEnd end) throws Exception {
    String queue = durableQueue(Map.of());
    fillPersistent(queue, 6);
    Channel consuming = connection.createChannel();
    consuming.basicQos(3);
    assertThat(Deliveries.from(consuming, queue).nextTexts(3)).containsExactly("0", "1", "2");

    restart(end);

    assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isEqualTo(6);
    assertThat(channel.queueDeclarePassive(queue).getConsumerCount()).isZero();
    boolean rest = end == RestartEnd.KILLED;
    assertThat(all(queue))
        .containsExactly(
            new Seen("0", true),
            new Seen("1", true),
            new Seen("2", true),
            new Seen("3", rest),
            new Seen("4", rest),
            new Seen("5", rest));
  }

  @ParameterizedTest
  @EnumSource
  void onlyPersistentMessagesInDurableQueuesStay(RestartEnd end) throws Exception {
    String durable = durableQueue(Map.of());
    String passing = name();
    channel.queueDeclare(passing, false, false, false, null);
    channel.confirmSelect();
    for (int i = 0; i < 6; i++) {
      var properties = CompatTest.properties().deliveryMode(i % 2 + 1).build();
      channel.basicPublish("", durable, properties, CompatTest.bytes("m" + i));
    }
    channel.basicPublish("", durable, null, CompatTest.bytes("no delivery mode"));
    channel.basicPublish("", passing, persistent(), CompatTest.bytes("persistent"));
    channel.waitForConfirmsOrDie(10_000);

    restart(end);

    assertThat(bodies(durable)).containsExactly("m1", "m3", "m5");
    assertThat(queueExists(passing)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void exclusiveQueueIsGoneAlthoughDurable(RestartEnd end) throws Exception {
    String queue = name();
    channel.queueDeclare(queue, true, true, false, null);
    fillPersistent(queue, 1);

    restart(end);

    assertThat(queueExists(queue)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void autoDeleteQueueStaysUnlessItsLastConsumerLeft(RestartEnd end) throws Exception {
    String unused = name();
    String used = name();
    channel.queueDeclare(unused, true, false, true, null);
    channel.queueDeclare(used, true, false, true, null);
    fillPersistent(unused, 1);
    fillPersistent(used, 1);
    Deliveries.from(connection.createChannel(), used).next();

    restart(end);

    assertThat(bodies(unused)).containsExactly("0");
    // A stop closes connections, and with them goes the consumer; a killed broker saw none leave.
    assertThat(queueExists(used)).isEqualTo(end == RestartEnd.KILLED);
    if (end == RestartEnd.KILLED) {
      channel.basicCancel(channel.basicConsume(used, false, new Deliveries(channel)));
      assertThat(queueExists(used)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void prioritiesKeepTheirOrder(RestartEnd end) throws Exception {
    String queue = durableQueue(Map.of("x-max-priority", 3));
    channel.confirmSelect();
    for (int i = 0; i < 6; i++) {
      var properties = CompatTest.properties().deliveryMode(2).priority(i % 3).build();
      channel.basicPublish("", queue, properties, CompatTest.bytes("" + i));
    }
    channel.waitForConfirmsOrDie(10_000);
    connection.createChannel().basicGet(queue, false);

    restart(end);

    assertThat(bodies(queue)).containsExactly("2", "5", "1", "4", "0", "3");
  }

  @ParameterizedTest
  @EnumSource
  void exchangesAndBindingsStayWithTheirArguments(RestartEnd end) throws Exception {
    String alternate = name();
    String direct = name();
    String headers = name();
    String autoDelete = name();
    String queue = durableQueue(Map.of());
    String fallback = durableQueue(Map.of());
    channel.exchangeDeclare(alternate, "fanout", true);
    channel.exchangeDeclare(
        direct, "direct", true, false, Map.of("alternate-exchange", alternate, "n", 5));
    channel.exchangeDeclare(headers, "headers", true);
    channel.exchangeDeclare(autoDelete, "fanout", true, true, null);
    channel.queueBind(queue, direct, "k", Map.of("z", 1));
    channel.queueBind(queue, headers, "", Map.of("x-match", "all", "a", 1));
    channel.queueBind(queue, autoDelete, "");
    channel.queueBind(fallback, alternate, "");
    channel.exchangeBind(headers, direct, "to headers");

    restart(end);

    channel.exchangeDeclare(
        direct, "direct", true, false, Map.of("alternate-exchange", alternate, "n", 5));
    channel.confirmSelect();
    Map<String, Object> matching = Map.of("a", 1);
    publish(direct, "k", Map.of(), "direct");
    publish(direct, "other", Map.of(), "alternate");
    publish(headers, "", matching, "headers");
    publish(headers, "", Map.of("a", 2), "lost");
    publish(autoDelete, "", Map.of(), "auto-delete");
    publish(direct, "to headers", matching, "exchange to exchange");
    channel.waitForConfirmsOrDie(10_000);
    assertThat(bodies(queue))
        .containsExactly("direct", "headers", "auto-delete", "exchange to exchange");
    assertThat(bodies(fallback)).containsExactly("alternate");
    channel.queueUnbind(queue, direct, "k", Map.of("z", 1));
    channel.queueUnbind(queue, autoDelete, "");
    assertThat(exchangeExists(autoDelete)).as("after its last binding").isFalse();
    publish(direct, "k", Map.of(), "unbound");
    channel.waitForConfirmsOrDie(10_000);
    assertThat(bodies(fallback)).containsExactly("unbound");
  }

  @ParameterizedTest
  @EnumSource
  void whatHasANonDurableEndIsGone(RestartEnd end) throws Exception {
    String passing = name();
    String durable = name();
    String queue = durableQueue(Map.of());
    String passingQueue = name();
    channel.exchangeDeclare(passing, "fanout");
    channel.exchangeDeclare(durable, "fanout", true);
    channel.queueDeclare(passingQueue, false, false, false, null);
    channel.queueBind(queue, passing, "");
    channel.queueBind(passingQueue, durable, "");

    restart(end);

    assertThat(exchangeExists(passing)).isFalse();
    channel.exchangeDeclare(passing, "fanout");
    channel.queueDeclare(passingQueue, false, false, false, null);
    channel.confirmSelect();
    publish(passing, "", Map.of(), "lost");
    publish(durable, "", Map.of(), "lost");
    channel.waitForConfirmsOrDie(10_000);
    assertThat(bodies(queue)).isEmpty();
    assertThat(bodies(passingQueue)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whatWasDeletedStaysDeleted(RestartEnd end) throws Exception {
    String exchange = name();
    String deleted = durableQueue(Map.of());
    String unbound = durableQueue(Map.of());
    String purged = durableQueue(Map.of());
    String gone = name();
    channel.exchangeDeclare(gone, "fanout", true);
    channel.exchangeDelete(gone);
    channel.exchangeDeclare(exchange, "fanout", true);
    channel.queueBind(deleted, exchange, "");
    channel.queueBind(unbound, exchange, "");
    fillPersistent(deleted, 3);
    fillPersistent(purged, 3);
    channel.queueUnbind(unbound, exchange, "");
    channel.queueDelete(deleted);
    channel.queuePurge(purged);
    fillPersistent(purged, 3, 5);

    restart(end);

    assertThat(queueExists(deleted)).isFalse();
    assertThat(exchangeExists(gone)).isFalse();
    assertThat(bodies(purged)).containsExactly("3", "4");
    channel.queueDeclare(deleted, true, false, false, null);
    channel.confirmSelect();
    publish(exchange, "", Map.of(), "lost");
    channel.waitForConfirmsOrDie(10_000);
    assertThat(bodies(deleted)).isEmpty();
    assertThat(bodies(unbound)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void queueArgumentsAreStillCompared(RestartEnd end) throws Exception {
    Map<String, Object> arguments = Map.of("x-max-priority", 3, "mine", List.of(1, "two"));
    String queue = durableQueue(arguments);

    restart(end);

    channel.queueDeclare(queue, true, false, false, arguments);
    Closing other =
        CompatTest.closingOf(
            connection.createChannel(),
            ch -> ch.queueDeclare(queue, true, false, false, Map.of("x-max-priority", 4)));
    assertThat(other.code()).isEqualTo(406);
    assertThat(other.text())
        .contains("inequivalent arg 'x-max-priority'", "received '4' but current is '3'");
  }

  @ParameterizedTest
  @EnumSource
  void propertiesOfEveryKindComeBackOctetForOctet(RestartEnd end) throws Exception {
    String queue = durableQueue(Map.of());
    byte[] some = everyHeaderType();
    channel.confirmSelect();
    AMQP.BasicProperties all = everyProperty();
    channel.basicPublish("", queue, all, new byte[0]);
    channel.waitForConfirmsOrDie(10_000);
    try (RawConnection raw = RawConnection.openLocal(broker.port())) {
      raw.openChannel(1);
      WireWriter wait = new WireWriter().bits(false);
      raw.call(1, AmqpMethod.CONFIRM_SELECT, wait, AmqpMethod.CONFIRM_SELECT_OK);
      raw.sendPublish(1, "", queue, false);
      WireWriter header = new WireWriter().u16(60).u16(0).u64(1).raw(some);
      raw.sendFrame(Frame.HEADER, 1, header.octets());
      raw.sendFrame(Frame.BODY, 1, CompatTest.bytes("x"));
      raw.expect(1, AmqpMethod.BASIC_ACK);
    }

    restart(end);

    GetResponse first = channel.basicGet(queue, true);
    assertThat(first.getProps()).isEqualTo(all);
    assertThat(first.getBody()).isEmpty();
    try (RawConnection raw = RawConnection.openLocal(broker.port())) {
      raw.openChannel(1);
      raw.consume(1, queue, "c");
      raw.expect(1, AmqpMethod.BASIC_DELIVER);
      RawConnection.Content content = raw.expectContent(1);
      assertThat(content.properties()).isEqualTo(some);
      assertThat(content.text()).isEqualTo("x");
    }
  }

  @ParameterizedTest
  @EnumSource
  void exchangeAndRoutingKeyOfAMessageAreKept(RestartEnd end) throws Exception {
    String exchange = name();
    String queue = durableQueue(Map.of());
    channel.exchangeDeclare(exchange, "topic", true);
    channel.queueBind(queue, exchange, "#");
    channel.confirmSelect();
    String key = "grüße." + "k".repeat(240);
    byte[] large = new byte[3 << 20];
    new java.util.Random(1).nextBytes(large);
    channel.basicPublish(exchange, key, persistent(), large);
    channel.basicPublish("", queue, persistent(), CompatTest.bytes("direct"));
    channel.waitForConfirmsOrDie(10_000);

    restart(end);

    GetResponse first = channel.basicGet(queue, true);
    assertThat(first.getEnvelope().getExchange()).isEqualTo(exchange);
    assertThat(first.getEnvelope().getRoutingKey()).isEqualTo(key);
    assertThat(first.getBody()).isEqualTo(large);
    assertThat(first.getMessageCount()).isEqualTo(1);
    GetResponse second = channel.basicGet(queue, true);
    assertThat(second.getEnvelope().getExchange()).isEmpty();
    assertThat(second.getEnvelope().getRoutingKey()).isEqualTo(queue);
  }

  private static AMQP.BasicProperties everyProperty() {
    return CompatTest.properties()
        .contentType("text/plain; charset=utf-8")
        .contentEncoding("gzip")
        .headers(Map.of("a", 1))
        .deliveryMode(2)
        .priority(7)
        .correlationId("correlation ä")
        .replyTo("reply")
        .expiration("6000000")
        .messageId("id-1")
        .timestamp(new Date(1_700_000_000_000L))
        .type("type")
        .userId("guest")
        .appId("app")
        .clusterId("cluster")
        .build();
  }

  private static byte[] everyHeaderType() {
    WireWriter headers = new WireWriter();
    headers.shortstr("z").u8('t').u8(7);
    headers.shortstr("a").u8('L').u64(5);
    headers.shortstr("m").u8('l').u64(-5);
    headers.shortstr("B").u8('B').u8(200);
    headers.shortstr("b").u8('b').u8(200);
    headers.shortstr("s").u8('s').u16(65_000);
    headers.shortstr("u").u8('u').u16(65_000);
    headers.shortstr("I").u8('I').u32(-1);
    headers.shortstr("i").u8('i').u32(-1);
    headers.shortstr("f").u8('f').u32(Float.floatToRawIntBits(1.1f));
    headers.shortstr("d").u8('d').u64(Double.doubleToRawLongBits(1.1));
    headers.shortstr("D").u8('D').u8(2).u32(314);
    headers.shortstr("T").u8('T').u64(1_700_000_000L);
    headers.shortstr("S").u8('S').longstr("text");
    headers.shortstr("x").u8('x').longstr(new byte[] {0, 1});
    headers.shortstr("V").u8('V');
    headers.shortstr("A").u8('A').longstr(new WireWriter().u8('V').u8('I').u32(1).octets());
    headers.shortstr("F").u8('F').longstr(new WireWriter().shortstr("k").u8('V').octets());
    headers.shortstr("z").u8('I').u32(1);
    WireWriter properties = new WireWriter().u16(0xF0C0).shortstr("").shortstr("enc");
    return properties.longstr(headers.octets()).u8(2).shortstr("id").u64(-1).octets();
  }

  private void restart(RestartEnd end) throws Exception {
    end.end(broker);
    connection.abort(5_000);
    broker.start();
    connect();
  }

  private String name() {
    return "restart-" + ++names;
  }

  private String durableQueue(Map<String, Object> arguments) throws IOException {
    String queue = name();
    channel.queueDeclare(queue, true, false, false, arguments);
    return queue;
  }

  private void fillPersistent(String queue, int count) throws Exception {
    fillPersistent(queue, 0, count);
  }

  /** Publishes the numbers from the first up to the bound, and waits for all confirms. */
  private void fillPersistent(String queue, int first, int bound) throws Exception {
    Channel publisher = connection.createChannel();
    publisher.confirmSelect();
    for (int i : IntStream.range(first, bound).toArray()) {
      publisher.basicPublish("", queue, persistent(), CompatTest.bytes("" + i));
    }
    publisher.waitForConfirmsOrDie(10_000);
    publisher.close();
  }

  private void publish(String exchange, String key, Map<String, Object> headers, String body)
      throws IOException {
    var properties = CompatTest.properties().headers(headers).build();
    channel.basicPublish(exchange, key, properties, CompatTest.bytes(body));
  }

  private static AMQP.BasicProperties persistent() {
    return CompatTest.properties().deliveryMode(2).build();
  }

  private List<String> bodies(String queue) throws IOException {
    return all(queue).stream().map(Seen::body).toList();
  }

  private List<Seen> all(String queue) throws IOException {
    List<Seen> all = new ArrayList<>();
    while (true) {
      GetResponse got = channel.basicGet(queue, true);
      if (got == null) {
        return all;
      }
      String body = new String(got.getBody(), StandardCharsets.UTF_8);
      all.add(new Seen(body, got.getEnvelope().isRedeliver()));
    }
  }

  private boolean queueExists(String queue) throws Exception {
    return exists(ch -> ch.queueDeclarePassive(queue));
  }

  private boolean exchangeExists(String exchange) throws Exception {
    return exists(ch -> ch.exchangeDeclarePassive(exchange));
  }

  private boolean exists(CompatTest.Action passive) throws Exception {
    Channel asking = connection.createChannel();
    try {
      passive.on(asking);
      asking.close();
      return true;
    } catch (IOException refused) {
      assertThat(Closing.of(refused).code()).isEqualTo(404);
      return false;
    }
  }
}
