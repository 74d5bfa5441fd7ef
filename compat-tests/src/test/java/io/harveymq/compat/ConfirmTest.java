package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Publisher confirms. */
class ConfirmTest extends CompatTest {

  @Test
  void everyTagIsConfirmedExactlyOnce() throws Exception {
    String durable = name("q");
    channel.queueDeclare(durable, true, false, false, null);
    String transientQueue = newQueue();
    Tags tags = new Tags(channel);
    int count = 1_000;
    for (int i = 0; i < count; i++) {
      String key = i % 3 == 0 ? durable : i % 3 == 1 ? transientQueue : "nowhere";
      var properties = properties().deliveryMode(i % 2 + 1).build();
      channel.basicPublish("", key, properties, bytes("m" + i));
    }

    assertThat(tags.awaitAll(count)).isEqualTo(tags.upTo(count));
    assertThat(channel.getNextPublishSeqNo()).isEqualTo(count + 1);
  }

  @Test
  void returnComesBeforeTheConfirm() throws Exception {
    RawConnection raw = confirming();
    raw.sendPublish(1, "", "nowhere", true);
    raw.sendFrame(Frame.HEADER, 1, RawConnection.contentHeader(0));

    raw.expect(1, AmqpMethod.BASIC_RETURN);
    raw.expectContent(1);
    WireReader ack = raw.expect(1, AmqpMethod.BASIC_ACK);
    assertThat(ack.u64()).isEqualTo(1);
    assertThat(ack.u8()).as("multiple").isZero();
  }

  @Test
  void unroutableMessageIsConfirmed() throws Exception {
    RawConnection raw = confirming();
    raw.publish(1, "", "nowhere", "gone");

    assertThat(raw.expect(1, AmqpMethod.BASIC_ACK).u64()).isEqualTo(1);
  }

  @Test
  void countingStartsAtSelectAndIsNotRestartedByASecondOne() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.publish(1, "", "nowhere", "not counted");
    select(raw);
    raw.publish(1, "", "nowhere", "counted");
    assertThat(raw.expect(1, AmqpMethod.BASIC_ACK).u64()).isEqualTo(1);
    select(raw);
    raw.publish(1, "", "nowhere", "counted");
    assertThat(raw.expect(1, AmqpMethod.BASIC_ACK).u64()).isEqualTo(2);
  }

  @Test
  void selectWithoutWaitTakesEffect() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    raw.send(1, AmqpMethod.CONFIRM_SELECT, new WireWriter().bits(true));
    raw.publish(1, "", "nowhere", "counted");

    assertThat(raw.expect(1, AmqpMethod.BASIC_ACK).u64()).isEqualTo(1);
  }

  @Test
  void missingExchangeIsNotConfirmed() throws Exception {
    RawConnection raw = confirming();
    raw.publish(1, "missing-x", "k", "lost");

    assertThat(raw.expectChannelClose(1).code()).isEqualTo(404);
  }

  @Test
  void channelsCountEachForThemselves() throws Exception {
    RawConnection raw = confirming();
    raw.openChannel(2);
    raw.call(
        2, AmqpMethod.CONFIRM_SELECT, new WireWriter().bits(false), AmqpMethod.CONFIRM_SELECT_OK);
    raw.publish(1, "", "nowhere", "one");
    assertThat(raw.expect(1, AmqpMethod.BASIC_ACK).u64()).isEqualTo(1);
    raw.publish(2, "", "nowhere", "one");
    assertThat(raw.expect(2, AmqpMethod.BASIC_ACK).u64()).isEqualTo(1);
  }

  @Test
  void messageForSeveralQueuesIsConfirmedOnce() throws Exception {
    String exchange = newExchange("fanout");
    newQueue(exchange, "");
    newQueue(exchange, "");
    newQueue(exchange, "");
    Tags tags = new Tags(channel);
    for (int i = 0; i < 10; i++) {
      publish(exchange, "", "m" + i);
    }

    assertThat(tags.awaitAll(10)).isEqualTo(tags.upTo(10));
  }

  @Test
  void queueDeletedMeanwhileConfirmsWhatItHad() throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, true, false, false, null);
    Tags tags = new Tags(channel);
    for (int i = 0; i < 100; i++) {
      channel.basicPublish("", queue, properties().deliveryMode(2).build(), bytes("m" + i));
    }
    connection.createChannel().queueDelete(queue);

    assertThat(tags.awaitAll(100)).isEqualTo(tags.upTo(100));
  }

  private RawConnection confirming() throws Exception {
    RawConnection raw = openRaw();
    raw.openChannel(1);
    select(raw);
    return raw;
  }

  private static void select(RawConnection raw) throws Exception {
    WireWriter wait = new WireWriter().bits(false);
    raw.call(1, AmqpMethod.CONFIRM_SELECT, wait, AmqpMethod.CONFIRM_SELECT_OK);
  }

  /** Keeps account of the tags that a channel's confirms stand for, cumulative ones spelled out. */
  private static final class Tags {
    private final BlockingQueue<Long> confirmed = new LinkedBlockingQueue<>();
    private final java.util.SortedSet<Long> open = new java.util.TreeSet<>();
    private long known;

    Tags(Channel channel) throws Exception {
      channel.confirmSelect();
      channel.addConfirmListener(this::confirm, (tag, multiple) -> confirmed.add(-tag));
    }

    private void confirm(long tag, boolean multiple) {
      while (known < tag) {
        open.add(++known);
      }
      if (multiple) {
        List<Long> upTo = List.copyOf(open.headSet(tag + 1));
        confirmed.addAll(upTo);
        upTo.forEach(open::remove);
      } else {
        confirmed.add(open.remove(tag) ? tag : -tag);
      }
    }

    /** The tags in ascending order; one that was confirmed twice or nacked counts as negative. */
    List<Long> awaitAll(int count) throws InterruptedException {
      List<Long> all = new java.util.ArrayList<>();
      while (all.size() < count) {
        Long tag = confirmed.poll(10, TimeUnit.SECONDS);
        assertThat(tag).as("confirm after %d of %d", all.size(), count).isNotNull();
        all.add(tag);
      }
      all.sort(null);
      return all;
    }

    List<Long> upTo(int count) {
      return java.util.stream.LongStream.rangeClosed(1, count).boxed().toList();
    }
  }
}
