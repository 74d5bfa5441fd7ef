package io.harveymq.storms;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Each storm for a few seconds. The long forms: {@code benchmarks/storms --help}. */
class StormsTest extends StormTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void connectionsThatAreDroppedLeaveNothingBehind() throws Exception {
    passes((on, found) -> new ChurnStorm(on, found).run(200, 0), broker);
  }

  @Test
  void nothingConfirmedIsLostWithClientsThatAreKilled() throws Exception {
    passes((on, found) -> new KilledClientsStorm(on, found, SEED).run(1, 40), broker);
  }

  @Test
  void nothingIsLostOrComesBackOnABadNetwork() throws Exception {
    passes((on, found) -> new NetworkStorm(on, found, SEED).run(1, 500), broker);
  }

  @Test
  void readersThatStallCostLittleAndGetEverything() throws Exception {
    passes((on, found) -> new StallStorm(on, found).run(3, 300), broker);
  }

  @Test
  void aBrokerThatStandsStillGoesOn() throws Exception {
    passes((on, found) -> new FreezeStorm(on, found).run(1, 4), broker);
  }

  @Test
  void aBrokerThatIsKilledInTheStormHasAllThatItConfirmed() throws Exception {
    passes((on, found) -> new KillStorm(on, found, SEED).run(1), broker);
  }

  @Test
  void aDiskThatIsFullForAWhileLosesNothing() throws Exception {
    try (SmallFileSystem small = SmallFileSystem.mount(PARENT, 64)) {
      Assumptions.assumeTrue(small != null, "NOT TESTED: to mount a small disk takes root");
      StormBroker full = broker(small.path().resolve("b"), "--disk-free-limit", "8MB");
      try {
        full.start();
        passes((on, found) -> new DiskStorm(on, found).run(1, 1), full);
        full.close();
      } finally {
        full.end();
      }
    }
  }

  @Test
  void whatIsLeftOnASmallDiskIsKeptWhereItWas() throws Exception {
    SmallFileSystem small = SmallFileSystem.mount(PARENT, 1);
    Assumptions.assumeTrue(small != null, "NOT TESTED: to mount a small disk takes root");
    Path file = Files.writeString(small.path().resolve("output.log"), "what happened");
    small.close();
    assertThat(file).hasContent("what happened");
    Files.delete(file);
    Files.delete(small.path());
  }

  @Test
  void whatABrokerRefusesItsLanesAreFaults() throws Exception {
    try (Lanes lanes = lanes(broker.port(), ConfirmedChannel.PATIENCE)) {
      String queue = broker.api().get("queues").get(0).path("name").asText();
      broker.api().put("dev/queues/%2F/" + queue + "/pause", "");
      Await.until(
          "messages wait for a certificate each",
          LIMIT,
          () -> broker.api().queue(queue).path("messages_ready").asInt() > 60,
          faults);
      assertThat(faults.first()).isEmpty();
      allow("^$");
      broker.api().put("dev/queues/%2F/" + queue + "/resume", "");
      for (String role : List.of("publisher", "consumer")) {
        awaitFault(role + " was refused something: #method<channel.close>(reply-code=403");
      }
      allow(".*");
      long before = faults.count();
      lanes.awaitProgress();
      assertThat(faults.count()).as("lanes go on").isEqualTo(before);
    } finally {
      allow(".*");
      deleteQueues();
    }
  }

  @Test
  void confirmsThatNeverComeAreAFault() throws Exception {
    try (FaultProxy proxy = new FaultProxy(broker.port());
        Lanes lanes = lanes(proxy.port(), Duration.ofSeconds(1))) {
      assertThat(faults.first()).isEmpty();
      proxy.swallow();
      awaitFault("500 publishes stay without an answer");
      assertThat(lanes.figures().clientRestarts.sum()).isZero();
    } finally {
      deleteQueues();
    }
  }

  /** One lane at work, without heartbeats. */
  private Lanes lanes(int port, Duration patience) throws Exception {
    Lanes lanes = new Lanes(broker, faults, new Lane.Setting(port, 0, 500, patience), 1);
    lanes.start();
    lanes.awaitProgress();
    return lanes;
  }

  private void awaitFault(String text) throws Exception {
    boolean came =
        Await.within(LIMIT, () -> faults.first().stream().anyMatch(each -> each.contains(text)));
    assertThat(came).as("%s in %s", text, faults.first()).isTrue();
  }

  private static void allow(String write) throws Exception {
    String rights = "{\"configure\": \".*\", \"write\": \"%s\", \"read\": \".*\"}";
    broker.api().put("permissions/%2F/guest", rights.formatted(write));
  }

  private static void deleteQueues() throws Exception {
    for (var queue : broker.api().get("queues")) {
      broker.api().delete("queues/%2F/" + queue.path("name").asText());
    }
  }
}
