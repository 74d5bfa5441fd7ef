package io.harveymq.broker.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.harveymq.broker.TestBroker;
import io.harveymq.broker.TestChannel;
import io.harveymq.broker.stats.Counter;
import io.harveymq.broker.stats.Flow;
import io.harveymq.broker.stats.Sampled;
import io.harveymq.broker.stats.Sampler;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Confirms are counted for the exchange that the message was published to. */
class ConfirmFlowsTest {
  private final TestBroker broker = TestBroker.start();
  private final List<Flow> flows = new ArrayList<>();

  private long confirms(Flow flow) {
    Sampler sampler = new Sampler(broker.home(), List.<Sampled>of()::iterator);
    return flow.figures(sampler).count(Counter.CONFIRM);
  }

  private Flow flow(String exchange) {
    return broker.vhost().exchange(exchange).flows().all(Flow.Kind.PUBLISHED).get(0);
  }

  private void publishOnceTo(String... exchanges) {
    TestChannel channel = broker.channel();
    for (String exchange : exchanges) {
      channel.declareExchange(exchange, "fanout").publish(exchange, "", "m");
      flows.add(flow(exchange));
    }
  }

  @Test
  void ofMessagesToSeveralExchangesByTurns() {
    TestChannel channel = broker.channel().declareExchange("a", "fanout");
    channel.declareExchange("b", "fanout").confirm();
    for (int i = 0; i < 10; i++) {
      channel.publish("a", "", "m").publish("b", "", "m").publish("b", "", "m");
    }
    broker.run();
    assertThat(confirms(flow("a"))).isEqualTo(10);
    assertThat(confirms(flow("b"))).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 50, 3_000})
  void inWhateverOrderTheyCome(int window) {
    publishOnceTo("a", "b", "c");
    ConfirmFlows confirms = new ConfirmFlows();
    Random random = new Random(window);
    TreeMap<Long, Integer> waiting = new TreeMap<>();
    long[] expected = new long[flows.size()];
    long tag = 0;
    while (tag < 20_000 || !waiting.isEmpty()) {
      if (tag < 20_000 && waiting.size() < window) {
        int flow = random.nextInt(flows.size());
        confirms.published(++tag, flows.get(flow));
        waiting.put(tag, flow);
      } else {
        Long some = waiting.ceilingKey(waiting.firstKey() + random.nextInt(window));
        some = some == null || random.nextBoolean() ? waiting.firstKey() : some;
        expected[waiting.remove(some)]++;
        confirms.confirmed(some);
        confirms.forgetBelow(waiting.isEmpty() ? tag + 1 : waiting.firstKey());
      }
      long first = waiting.isEmpty() ? tag : waiting.firstKey();
      assertThat(confirms.runs()).isLessThanOrEqualTo((int) (tag - first) + 2);
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(confirms(flows.get(i))).isEqualTo(expected[i]);
    }
    assertThat(confirms.runs()).as("nothing waits").isEqualTo(1);
  }

  @Test
  void whatOneMessageHoldsUpIsBounded() {
    publishOnceTo("a", "b");
    ConfirmFlows confirms = new ConfirmFlows();
    int most = 2 * ConfirmFlows.MOST;
    for (int tag = 1; tag <= most; tag++) {
      confirms.published(tag, flows.get(tag % 2));
      if (tag > 1) {
        confirms.confirmed(tag);
        confirms.forgetBelow(1);
      }
    }
    assertThat(confirms.runs()).isEqualTo(ConfirmFlows.MOST + 1);
    confirms.confirmed(1);
    confirms.forgetBelow(most + 1);
    assertThat(confirms.runs()).isEqualTo(1);
    assertThat(confirms(flows.get(0)) + confirms(flows.get(1)))
        .as("all but the first, which was forgotten")
        .isEqualTo(most - 1);
  }
}
