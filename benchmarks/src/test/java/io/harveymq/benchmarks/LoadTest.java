package io.harveymq.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.harveymq.benchmarks.LoadPlan.Preset;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The load generator against what answers like a broker and moves no message. */
@Timeout(60)
class LoadTest {
  private static final Window SHORT = Window.ofSeconds(0.1, 0.2);

  private NullBroker nullBroker;
  private Broker broker;

  @BeforeEach
  void start() throws IOException {
    nullBroker = NullBroker.start(16);
    ProcessStats self = new ProcessStats(ProcessHandle.current().pid());
    broker = new Broker("null", Target.local(nullBroker.port()), self);
  }

  @AfterEach
  void stop() throws IOException {
    nullBroker.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Preset.class,
      names = {"TRANSIENT", "ACK", "FANOUT"})
  void aConsumingScenarioCountsDeliveriesAndPublishes(Preset preset) throws Exception {
    Result result = new ThroughputRun(LoadPlan.preset(preset), SHORT).run(broker);

    assertThat(result.values())
        .hasEntrySatisfying(Metric.DELIVERED, rate -> assertThat(rate).isPositive())
        .hasEntrySatisfying(Metric.PUBLISHED, rate -> assertThat(rate).isPositive())
        .containsKeys(Metric.RESIDENT, Metric.BACKLOG, Metric.BROKER_CPU_PER_MESSAGE);
  }

  @Test
  void publishingWithConfirmsCountsWhatWasConfirmed() throws Exception {
    LoadPlan plan = LoadPlan.preset(Preset.PUBLISH);

    Result result = new ThroughputRun(plan, SHORT).run(broker);

    assertThat(result.values())
        .hasEntrySatisfying(Metric.PUBLISHED, rate -> assertThat(rate).isPositive())
        .doesNotContainKey(Metric.DELIVERED);
  }

  @Test
  void publishersOfOneMessageAtATimeAllGoOn() throws Exception {
    LoadPlan plan = LoadPlan.preset(Preset.PUBLISH).withGuarantees(LoadPlan.Guarantees.ONE_BY_ONE);
    List<FrameWriter.Route> routes = Collections.nCopies(16, new FrameWriter.Route("", "q"));
    CompletableFuture<Void> failure = new CompletableFuture<>();
    OneByOnePublishers all = new OneByOnePublishers(broker.target(), routes, plan, failure);
    Thread thread = new Thread(all);
    thread.start();
    while (all.count() < 10_000 && !failure.isDone()) {
      Thread.onSpinWait();
    }
    all.stop();
    thread.join();
    assertThat(failure).isNotDone();
    assertThat(all.fewest()).isGreaterThan(10);
    assertThat(new ThroughputRun(plan.withPairs(16), SHORT).run(broker).values())
        .hasEntrySatisfying(Metric.PUBLISHED, rate -> assertThat(rate).isPositive());
  }

  @Test
  void fillingEndsWithTheLastConfirm() throws Exception {
    assertThat(new Backlog(broker.target(), "q", 12_345).fill()).isPositive();
  }

  @Test
  void drainingNoticesAForeignMessage() {
    // What the null broker streams has bodies of 16 octets.
    assertThatThrownBy(() -> new Backlog(broker.target(), "q", 10).drain())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("body of another size");
  }

  @Test
  void deliveriesOfAnotherSizeBreakTheRunOff() {
    LoadPlan plan = LoadPlan.preset(Preset.TRANSIENT).withBody(17);

    assertThatThrownBy(() -> new ThroughputRun(plan, Window.ofSeconds(20, 20)).run(broker))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("body of another size than 17");
  }

  @Test
  void latencyIsNotReportedForMessagesThatNobodyPublished() {
    assertThatThrownBy(() -> new LatencyRun(1000, 16, SHORT).run(broker))
        .hasMessageContaining("no message of the measured span");
  }

  @Test
  void probesReportMemoryPerConnectionAndPerQueue() throws Exception {
    assertThat(new ConnectionsProbe(20).run(broker).values())
        .containsKeys(Metric.IDLE_CONNECTION, Metric.CONSUMING_CONNECTION);
    assertThat(new QueuesProbe(2000, true).run(broker).values())
        .containsKeys(Metric.QUEUE)
        .hasEntrySatisfying(Metric.LAST_DECLARES, millis -> assertThat(millis).isPositive());
  }

  @Test
  void titlesNameTheSizesThatDiffer() {
    assertThat(LoadPlan.preset(Preset.FANOUT).title()).isEqualTo("fanout 16 B, 8 queues");
    assertThat(LoadPlan.preset(Preset.TRANSIENT).withBody(1024).withPairs(4).title())
        .isEqualTo("transient 1 KiB, 4 pairs");
  }
}
