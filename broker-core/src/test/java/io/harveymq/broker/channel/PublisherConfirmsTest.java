package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.Received;
import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.store.MemoryStore;
import io.harveymq.codec.BasicMethod;
import io.harveymq.codec.BasicProperties;
import io.harveymq.codec.FieldTable;
import io.harveymq.codec.QueueMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random publishes to a durable queue whose store is late at random, to one that needs no store and
 * to a full one that rejects: every publish is answered once, nothing is confirmed before it is
 * stored, and a cumulative ack covers nothing that is still open or to be rejected.
 */
class PublisherConfirmsTest {
  private final TestBroker broker = TestBroker.on(new MemoryStore());
  private final TestChannel channel = broker.channel();
  private final TreeSet<Long> open = new TreeSet<>();
  private final TreeSet<Long> unstored = new TreeSet<>();
  private final TreeSet<Long> rejected = new TreeSet<>();
  private long published;
  private long cumulative;

  private void declare(String queue, boolean durable, FieldTable arguments) {
    channel.call(
        new QueueMethod.Declare(queue, false, durable, false, false, false, arguments),
        QueueMethod.DeclareOk.class);
  }

  private void readAnswers() {
    for (Received one : channel.client().arrived(1)) {
      if (one.method() instanceof BasicMethod.Nack nack) {
        assertThat(nack.multiple()).isFalse();
        assertThat(rejected.remove(nack.deliveryTag())).isTrue();
        assertThat(open.remove(nack.deliveryTag())).isTrue();
      } else {
        BasicMethod.Ack ack = (BasicMethod.Ack) one.method();
        assertThat(open).contains(ack.deliveryTag());
        TreeSet<Long> covered = new TreeSet<>(Set.of(ack.deliveryTag()));
        if (ack.multiple()) {
          covered.addAll(open.headSet(ack.deliveryTag()));
        }
        cumulative += ack.multiple() ? 1 : 0;
        assertThat(covered).as("not stored").noneMatch(unstored::contains);
        assertThat(covered).as("rejected").noneMatch(rejected::contains);
        open.removeAll(covered);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everyPublishIsAnsweredOnceAndNoneTooEarly(long seed) {
    Random random = new Random(seed);
    declare("stored", true, FieldTable.EMPTY);
    declare("passing", false, FieldTable.EMPTY);
    FieldTable full =
        FieldTable.builder().put("x-max-length", 0).put("x-overflow", "reject-publish").build();
    declare("full", false, full);
    channel.confirm();
    boolean held = false;
    for (int i = 0; i < 3_000; i++) {
      int dice = random.nextInt(20);
      if (dice == 0) {
        held = !held;
        broker.holdStore(held);
        if (!held) {
          unstored.clear();
        }
        broker.run();
      } else if (dice < 4) {
        broker.step();
      } else {
        publish(random, held);
      }
      readAnswers();
    }
    broker.holdStore(false);
    unstored.clear();
    broker.run();
    readAnswers();
    assertThat(open).isEmpty();
    assertThat(rejected).isEmpty();
    assertThat(cumulative).isPositive();
  }

  /** Publishes a few messages in one burst. */
  private void publish(Random random, boolean held) {
    BasicProperties persistent = BasicProperties.builder().deliveryMode(2).build();
    ByteBuf burst = Unpooled.buffer();
    for (int i = random.nextInt(6); i >= 0; i--) {
      String queue = new String[] {"stored", "passing", "full"}[random.nextInt(3)];
      open.add(++published);
      if (queue.equals("full")) {
        rejected.add(published);
      } else if (queue.equals("stored") && held) {
        unstored.add(published);
      }
      BasicMethod.Publish publish = new BasicMethod.Publish("", queue, false, false);
      burst.writeBytes(channel.client().encode(1, publish, persistent, new byte[5]));
    }
    channel.client().push(burst);
  }
}
