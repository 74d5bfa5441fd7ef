package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Celery: a worker with one process, and a program that sends it tasks. */
@Tag("clients")
@Timeout(180)
class CeleryTest extends CompatTest {
  private static final List<String> WORKER =
      List.of("-m", "celery", "-A", "tasks", "worker", "-c", "1", "-E", "-l", "warning");

  @TempDir Path results;

  @BeforeAll
  static void requireLibrary() throws Exception {
    Python.require("celery", "python3-celery");
  }

  private static Program worker(Map<String, String> environment) throws IOException {
    return python(WORKER, environment);
  }

  private static Program client(String mode, Map<String, String> environment) throws IOException {
    return python(List.of("-u", "client.py", mode), environment);
  }

  private static Program python(List<String> arguments, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = Python.process(arguments);
    builder.directory(Program.source("celery").toFile());
    builder.environment().putAll(environment);
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    return new Program(builder);
  }

  private static Map<String, String> environment(String uri, String name, String results) {
    return Map.of("CELERY_URI", uri, "CELERY_NAME", name, "CELERY_RESULTS", results);
  }

  @Test
  void tasksRetriesTimesControlAndEvents() throws Exception {
    var environment = environment(BrokerUnderTest.uri(), name("celery"), "rpc://");
    try (Program worker = worker(environment);
        Program client = client("steps", environment)) {
      assertThat(client.rest())
          .containsExactly(
              "ping {'ok': 'pong'}",
              "registered tasks.add tasks.fail tasks.order tasks.requeue_once"
                  + " tasks.succeed_at_third_try tasks.total",
              "queue True",
              "sum 5",
              "group [0, 2, 4, 6, 8]",
              "chain 10",
              "retries 2",
              "rejected redelivered",
              "failed no",
              "countdown True",
              "revoked",
              "events task-received task-sent task-started task-succeeded");
      assertThat(worker.exitCode()).as(worker.errors()).isZero();
    }
  }

  @Test
  void tasksRunInTheOrderOfTheirPriorities() throws Exception {
    var environment = new HashMap<String, String>();
    environment.putAll(environment(BrokerUnderTest.uri(), name("celery"), "rpc://"));
    environment.put("CELERY_PRIORITIES", "yes");
    try (Program client = client("priorities", environment)) {
      assertThat(client.nextLine()).isEqualTo("sent");
      try (Program worker = worker(environment)) {
        assertThat(client.rest()).containsExactly("order 1:3 9:1 5:2");
        assertThat(worker.exitCode()).as(worker.errors()).isZero();
      }
    }
  }

  @Test
  @Tag("restarts")
  void chordIsCollectedAndWorkerGoesOnAfterARestartOfTheBroker() throws Exception {
    try (BrokerProcess broker = BrokerProcess.create()) {
      broker.start();
      var environment = environment(broker.uri(), "work", "file://" + results);
      try (Program worker = worker(environment);
          Program client = client("restart", environment)) {
        assertThat(client.nextLines(2)).containsExactly("chord 6", "scheduled");
        broker.stop();
        broker.start();
        client.send("started");
        assertThat(client.rest()).containsExactly("after 3", "waited 9");
        assertThat(worker.exitCode()).as(worker.errors()).isZero();
      }
    }
  }
}
