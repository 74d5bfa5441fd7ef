package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishing: bodies of all sizes, returns, and what a publish may get wrong. */
class PublishTest extends CompatTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 131_063, 131_064, 131_065, 262_128, 262_129, 1 << 20, 10 << 20})
  void bodyOfAnySizeArrivesAsItWasSent(int size) throws Exception {
    byte[] body = new byte[size];
    new Random(size).nextBytes(body);
    String queue = newQueue();
    channel.basicPublish("", queue, null, body);
    Deliveries deliveries = Deliveries.noAckFrom(channel, queue);

    assertThat(deliveries.next().getBody()).isEqualTo(body);
    channel.basicPublish("", queue, null, body);
    assertThat(deliveries.next().getBody()).isEqualTo(body);
  }

  @Test
  void emptyBodyHasNoBodyFrame() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    String queue = name("q");
    raw.declareQueue(1, queue);
    raw.consume(1, queue, "c");
    raw.publish(1, "", queue, "");

    raw.expect(1, AmqpMethod.BASIC_DELIVER);
    assertThat(raw.expectContent(1).body()).isEmpty();
    raw.expectNothingMore(1);
  }

  @Test
  void largeBodyComesInFullFrames() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    String queue = name("q");
    raw.declareQueue(1, queue);
    raw.consume(1, queue, "c");
    raw.publish(1, "", queue, "x".repeat(131_000));
    raw.expect(1, AmqpMethod.BASIC_DELIVER);
    assertThat(raw.expectContent(1).largestFrame()).isEqualTo(131_000);
    raw.sendPublish(1, "", queue, false);
    raw.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(200_000));
    raw.sendFrame(Frame.BODY, 1, new byte[100_000]);
    raw.sendFrame(Frame.BODY, 1, new byte[100_000]);

    raw.expect(1, AmqpMethod.BASIC_DELIVER);
    RawConnection.Content content = raw.expectContent(1);
    assertThat(content.body()).hasSize(200_000);
    assertThat(content.largestFrame()).isEqualTo(131_064);
  }

  @Test
  void manyLargeBodiesOnSeveralChannelsDoNotMix() throws Exception {
    String queue = newQueue();
    Channel other = connection.createChannel();
    Random random = new Random(1);
    for (int i = 0; i < 10; i++) {
      byte[] body = new byte[300_000];
      random.nextBytes(body);
      channel.basicPublish("", queue, null, body);
      other.basicPublish("", queue, null, body);
    }
    Deliveries first = Deliveries.noAckFrom(channel, queue);

    long total = 0;
    for (int i = 0; i < 20; i++) {
      total += first.next().getBody().length;
    }
    assertThat(total).isEqualTo(20 * 300_000L);
  }

  @Test
  void unroutableMandatoryMessageComesBackWithItsContent() throws Exception {
    String exchange = newExchange("direct");
    RawConnection raw = openRaw();
    raw.openChannel(1);
    byte[] properties = new WireWriter().u16(0x8000).shortstr("text/plain").octets();
    raw.sendPublish(1, exchange, "nowhere", true);
    WireWriter header = new WireWriter().u16(60).u16(0).u64(7).raw(properties);
    raw.sendFrame(Frame.HEADER, 1, header.octets());
    raw.sendFrame(Frame.BODY, 1, bytes("come ba"));

    WireReader returned = raw.expect(1, AmqpMethod.BASIC_RETURN);
    assertThat(returned.u16()).isEqualTo(312);
    assertThat(returned.shortstr()).isEqualTo("NO_ROUTE");
    assertThat(returned.shortstr()).isEqualTo(exchange);
    assertThat(returned.shortstr()).isEqualTo("nowhere");
    assertThat(returned.remaining()).isZero();
    RawConnection.Content content = raw.expectContent(1);
    assertThat(content.properties()).isEqualTo(properties);
    assertThat(content.text()).isEqualTo("come ba");
  }

  @Test
  void unroutableMessageWithoutMandatoryIsDropped() throws Exception {
    String exchange = newExchange("direct");
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.publish(1, exchange, "nowhere", "gone");
    raw.publish(1, "", "no-such-queue", "gone");
    raw.expectNothingMore(1);
  }

  @Test
  void routableMandatoryMessageDoesNotComeBack() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    String queue = name("q");
    raw.declareQueue(1, queue);
    raw.sendPublish(1, "", queue, true);
    raw.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(0));
    raw.expectNothingMore(1);
  }

  @Test
  void missingExchangeClosesTheChannelAfterTheContent() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.publish(1, "missing-x", "k", "lost");

    assertThat(raw.expectChannelClose(1))
        .isEqualTo(
            Closing.channel(
                404, "NOT_FOUND - no exchange 'missing-x' in vhost '/'", AmqpMethod.BASIC_PUBLISH));
    raw.openChannel(1);
    raw.expectNothingMore(1);
  }

  @Test
  void publishesAfterAFailedOneAreLost() throws Exception {
    String queue = newQueue();
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.publish(1, "", queue, "before");
    raw.publish(1, "missing-x", "k", "lost");
    raw.publish(1, "", queue, "after");
    raw.expectChannelClose(1);
    raw.openChannel(1);
    raw.expectNothingMore(1);

    assertThat(drain(queue)).containsExactly("before");
  }

  @Test
  void immediateIsNotImplemented() throws Exception {
    String queue = newQueue();
    assertConnectionError(
        Closing.connection(540, "NOT_IMPLEMENTED - immediate=true", AmqpMethod.BASIC_PUBLISH),
        ch -> ch.basicPublish("", queue, false, true, null, bytes("one")));
  }

  @ParameterizedTest
  @CsvSource({
    "abc, no_integer",
    "'', no_integer",
    "5x, '{leftover_string,\"x\"}'",
    "1.5, '{leftover_string,\".5\"}'",
    "' 5', no_integer",
    "-1, '{value_negative,-1}'",
    "315360000001, '{value_too_large,315360000001}'"
  })
  void expirationMustBeANumberOfMilliseconds(String expiration, String reason) throws Exception {
    String queue = newQueue();
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - invalid expiration '" + expiration + "': " + reason,
            AmqpMethod.BASIC_PUBLISH),
        ch ->
            ch.basicPublish("", queue, properties().expiration(expiration).build(), bytes("one")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"60000", "+60000", "00060000", "315360000000"})
  void expirationIsKeptAsItWasWritten(String expiration) throws Exception {
    String queue = newQueue();
    channel.basicPublish("", queue, properties().expiration(expiration).build(), bytes("one"));

    assertThat(channel.basicGet(queue, true).getProps().getExpiration()).isEqualTo(expiration);
  }

  @Test
  void userIdMustBeTheOneWhoLoggedIn() throws Exception {
    String queue = newQueue();
    String user = BrokerUnderTest.user();
    assertChannelError(
        Closing.channel(
            406,
            "PRECONDITION_FAILED - user_id property set to 'somebody' but authenticated user was '"
                + user
                + "'",
            AmqpMethod.BASIC_PUBLISH),
        ch -> ch.basicPublish("", queue, properties().userId("somebody").build(), bytes("one")));
    channel.basicPublish("", queue, properties().userId(user).build(), bytes("two"));

    assertThat(channel.basicGet(queue, true).getProps().getUserId()).isEqualTo(user);
  }

  @Test
  void missingExchangeComesBeforeUserIdAndThatBeforeExpiration() throws Exception {
    var wrong = properties().userId("somebody").expiration("never").build();
    assertThat(
            closingOf(
                connection.createChannel(),
                ch -> ch.basicPublish("missing-x", "k", wrong, bytes(""))))
        .extracting(Closing::code)
        .isEqualTo(404);
    assertThat(
            closingOf(connection.createChannel(), ch -> ch.basicPublish("", "k", wrong, bytes(""))))
        .extracting(Closing::text)
        .asString()
        .contains("user_id property set to 'somebody'");
  }

  @Test
  void messageAboveTheLimitIsRefusedOnceItIsThere() throws Exception {
    int limit = Target.current().maxMessageSize();
    RawConnection raw = openRaw();
    raw.openChannel(1);
    String queue = name("q");
    raw.declareQueue(1, queue);
    raw.sendPublish(1, "", queue, false);
    raw.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(limit + 1L));
    for (int left = limit + 1; left > 0; left -= 131_064) {
      raw.sendFrame(Frame.BODY, 1, new byte[Math.min(left, 131_064)]);
    }

    assertThat(raw.expectChannelClose(1))
        .isEqualTo(
            Closing.channel(
                406,
                "PRECONDITION_FAILED - message size "
                    + (limit + 1)
                    + " is larger than configured max size "
                    + limit,
                AmqpMethod.BASIC_PUBLISH));
  }

  @Test
  void deliveryModeIsKept() throws Exception {
    String queue = newQueue();
    channel.basicPublish("", queue, properties().deliveryMode(2).build(), bytes("persistent"));
    channel.basicPublish("", queue, properties().deliveryMode(1).build(), bytes("transient"));
    channel.basicPublish("", queue, properties().build(), bytes("neither"));

    assertThat(deliveryMode(channel.basicGet(queue, true))).isEqualTo(2);
    assertThat(deliveryMode(channel.basicGet(queue, true))).isEqualTo(1);
    assertThat(deliveryMode(channel.basicGet(queue, true))).isNull();
  }

  private static Integer deliveryMode(GetResponse got) {
    return got.getProps().getDeliveryMode();
  }

  @Test
  void routingKeyOfTheDefaultExchangeMayBeAnything() throws Exception {
    channel.confirmSelect();
    channel.basicPublish("", "", null, bytes("nowhere"));
    channel.basicPublish("", "k".repeat(255), null, bytes("nowhere"));
    channel.waitForConfirmsOrDie(10_000);
  }
}
