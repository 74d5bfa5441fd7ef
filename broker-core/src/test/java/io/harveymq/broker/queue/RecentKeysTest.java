package io.harveymq.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.stats.FlowBook;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a queue remembers of the keys that messages came with. */
class RecentKeysTest {
  private final TestBroker broker = TestBroker.start();
  private final TestChannel channel =
      broker.channel().declareExchange("x", "topic").declare("q").bind("q", "x", "#");

  private List<String> keys() {
    return broker.queue("q").recentKeys().all(0).stream()
        .map(seen -> seen.exchange() + "/" + seen.routingKey())
        .toList();
  }

  @Test
  void eachIsThereOnceTheLastFirst() {
    channel.publish("x", "a", "m").publish("x", "a", "m").publish("q", "m");
    broker.advance(2_000);
    channel.publish("x", "b", "m");
    broker.advance(2_000);
    channel.publish("x", "a", "m");
    broker.run();
    assertThat(keys()).containsExactly("x/a", "x/b", "/q");
    assertThat(broker.queue("q").recentKeys().all(0).get(1).seen())
        .as("two seconds ago")
        .isEqualTo((broker.home().now() - 2_000) / 1_000 * 1_000);
  }

  @Test
  void onlyTheLastAreRemembered() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < RecentKeys.MOST + 5; i++) {
      channel.publish("x", "k" + i, "m");
      broker.advance(1_000);
      expected.add(0, "x/k" + i);
    }
    assertThat(keys()).isEqualTo(expected.subList(0, RecentKeys.MOST));
  }

  @Test
  void aVirtualHostRemembersOnlySoMuchAndForgetsQueuesThatAreGone() {
    FlowBook book = broker.vhost().flows();
    channel.publish("x", "known", "m");
    int room = 0;
    while (book.rememberKey(1)) {
      room++;
    }
    channel.publish("x", "new", "m");
    broker.run();
    assertThat(keys()).as("in place of the queue's own eldest").containsExactly("x/new");
    channel.publish("x", "much-longer-than-those", "m");
    broker.run();
    assertThat(keys()).as("no room for it").isEmpty();
    broker.home().run(() -> broker.vhost().deleteQueue(broker.queue("q")));
    assertThat(room).isPositive();
    assertThat(book.rememberKey("x/new".length())).as("room that the queue left").isTrue();
  }
}
