package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker under load is killed again and again at random moments and started on the same
 * directory: nothing that it confirmed may be missing, doubled, out of order or changed, and
 * nothing may return that is known to be removed; the offsets of a stream go on without a gap.
 * {@code harvey.kill.rounds} is the number of rounds; with another {@code harvey.kill.seed} other
 * choices are made. The timing is never the same.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS)
class KillTest {
  private static final Logger log = LoggerFactory.getLogger(KillTest.class);
  private static final int ROUNDS = Integer.getInteger("harvey.kill.rounds", 15);
  private static final int LONGEST_MILLIS = 1_500;

  @Test
  void nothingConfirmedIsLostAndNothingRemovedReturns() throws Exception {
    long seed = Long.getLong("harvey.kill.seed", 1);
    BrokerProcess broker = BrokerProcess.create();
    DurableLoad load = new DurableLoad(broker, seed);
    StreamLoad stream = new StreamLoad(broker);
    int round = 0;
    try {
      broker.start();
      load.declare();
      stream.declare();
      broker.settleDefinitions();
      for (; round < ROUNDS; round++) {
        runRound(broker, load, stream, new Random(seed + round));
      }
      load.connectAndVerify(new Random(seed));
      stream.connectAndVerify();
      log.info(
          "seed {}: {} rounds, {} confirms, {} of a stream",
          seed,
          ROUNDS,
          load.confirms(),
          stream.confirmed());
      assertThat(load.confirms()).isPositive();
      assertThat(stream.confirmed()).isPositive();
    } catch (AssertionError | Exception failure) {
      broker.end();
      throw new AssertionError(
          "harvey.kill.seed=%d, round %d of %d, %s: %s"
              .formatted(seed, round, ROUNDS, broker, failure),
          failure);
    }
    broker.close();
  }

  /** What a client does until the broker is gone. */
  private interface Work {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> start(String name, Work work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread worker =
        new Thread(
            () -> {
              try {
                work.run();
                done.complete(null);
              } catch (Throwable failure) {
                done.completeExceptionally(failure);
              }
            },
            name);
    worker.start();
    return done;
  }

  private static void runRound(
      BrokerProcess broker, DurableLoad load, StreamLoad stream, Random random) throws Exception {
    load.connectAndVerify(random);
    stream.connectAndVerify();
    Random choices = new Random(random.nextLong());
    CompletableFuture<Void> work = start("durable load", () -> load.work(choices));
    CompletableFuture<Void> publishing = start("stream load", stream::work);
    broker.runFor(random.nextInt(LONGEST_MILLIS));
    boolean killed = random.nextInt(8) > 0;
    (killed ? RestartEnd.KILLED : RestartEnd.STOPPED).end(broker);
    try {
      work.get(30, TimeUnit.SECONDS);
      publishing.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new AssertionError("the load failed before the broker was ended", failed.getCause());
    }
    log.info("{}, about {} messages", killed ? "killed" : "stopped", load.size());
    if (random.nextInt(4) == 0) {
      // Recovery, too, may be cut off.
      broker.launch();
      broker.runFor(random.nextInt(600));
      broker.kill();
    }
    broker.start();
  }
}
