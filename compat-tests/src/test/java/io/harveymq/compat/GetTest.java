package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** basic.get. */
class GetTest extends CompatTest {

  @Test
  void getOkCountsTheMessagesBehindThisOne() throws Exception {
    String exchange = newExchange("topic");
    String queue = newQueue(exchange, "#");
    channel.confirmSelect();
    publish(exchange, "a.b", "one");
    publish(exchange, "a.b", "two");
    channel.waitForConfirmsOrDie(10_000);
    RawConnection raw = openRaw();
    raw.openChannel(1);
    WireReader first = get(raw, queue, AmqpMethod.BASIC_GET_OK);
    assertThat(first.u64()).as("delivery tag").isEqualTo(1);
    assertThat(first.u8()).as("redelivered").isZero();
    assertThat(first.shortstr()).isEqualTo(exchange);
    assertThat(first.shortstr()).isEqualTo("a.b");
    assertThat(first.u32()).as("message count").isEqualTo(1);
    assertThat(first.remaining()).isZero();
    assertThat(raw.expectContent(1).text()).isEqualTo("one");

    WireReader second = get(raw, queue, AmqpMethod.BASIC_GET_OK);
    assertThat(second.u64()).isEqualTo(2);
    second.u8();
    second.shortstr();
    second.shortstr();
    assertThat(second.u32()).isZero();
    assertThat(raw.expectContent(1).text()).isEqualTo("two");
  }

  @Test
  void getEmptyHasAnEmptyClusterId() throws Exception {
    String queue = newQueue();
    RawConnection raw = openRaw();
    raw.openChannel(1);
    WireReader empty = get(raw, queue, AmqpMethod.BASIC_GET_EMPTY);

    assertThat(empty.shortstr()).isEmpty();
    assertThat(empty.remaining()).isZero();
  }

  @Test
  void unacknowledgedMessageIsNotThereForOthers() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    channel.basicGet(queue, false);

    assertThat(connection.createChannel().basicGet(queue, true)).isNull();
  }

  @Test
  void noAckMessageIsGoneForGood() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    var other = connection.createChannel();
    assertThat(text(other.basicGet(queue, true))).isEqualTo("one");
    other.close();

    assertThat(channel.basicGet(queue, true)).isNull();
  }

  @Test
  void getAndDeliverShareTheTagsOfAChannel() throws Exception {
    String queue = newQueue();
    String other = newQueue();
    fill(queue, "one", "two", "three");
    assertThat(channel.basicGet(queue, true).getEnvelope().getDeliveryTag()).isEqualTo(1);
    assertThat(channel.basicGet(queue, false).getEnvelope().getDeliveryTag()).isEqualTo(2);
    Deliveries deliveries = Deliveries.from(channel, queue);
    assertThat(Deliveries.tag(deliveries.next())).isEqualTo(3);
    fill(other, "four");
    assertThat(channel.basicGet(other, false).getEnvelope().getDeliveryTag()).isEqualTo(4);
    channel.basicAck(4, true);
  }

  private static WireReader get(RawConnection raw, String queue, AmqpMethod answer)
      throws Exception {
    WireWriter get = new WireWriter().u16(0).shortstr(queue).bits(false);
    return raw.call(1, AmqpMethod.BASIC_GET, get, answer);
  }
}
