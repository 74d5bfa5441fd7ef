package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RabbitMQ's load generator PerfTest, with small loads: what matters is that it ends well. */
@Tag("clients")
@Timeout(120)
class PerfTestTest extends CompatTest {
  private static final Pattern RATES = Pattern.compile(".*received: (\\d+) msg/s.*");

  private static Program start(String uri, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // it would look for logback, which is not on the class path
    command.add("-Dlogback.configurationFile=none");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("com.rabbitmq.perf.PerfTest", "--uri", uri));
    command.addAll(List.of(options));
    return new Program(command);
  }

  private static Program start(String uri, String options) throws IOException {
    return start(uri, options.split(" "));
  }

  @Test
  void everyMessageIsConfirmedAndReceived() throws Exception {
    String queue = name("perf");
    String options =
        "--queue %s --auto-delete false --flag persistent --flag mandatory --producers 2"
            + " --consumers 1 --pmessages 500 --cmessages 1000 --confirm 50 --qos 20"
            + " --multi-ack-every 10 --size 2000";
    try (Program load = start(BrokerUnderTest.uri(), options.formatted(queue))) {
      List<String> lines = load.rest();
      assertThat(lines).anyMatch(line -> line.startsWith("test stopped ("));
      assertThat(lines)
          .noneMatch(line -> line.contains("returned: ") && !line.contains("returned: 0"));
    }
    assertThat(drain(queue)).isEmpty();
  }

  @Test
  @Tag("restarts")
  void loadGoesOnAfterARestartOfTheBroker() throws Exception {
    try (BrokerProcess broker = BrokerProcess.create()) {
      broker.start();
      String options =
          "--queue perf --auto-delete false --flag persistent --rate 200 --qos 20"
              + " --connection-recovery-interval 1";
      try (Program load = start(broker.uri(), options)) {
        awaitFlow(load);
        broker.stop();
        broker.start();
        awaitFlow(load);
      }
    }
  }

  /** Waits for a second in which messages were received. */
  private static void awaitFlow(Program load) throws Exception {
    String line;
    Matcher rates;
    do {
      line = load.nextLine();
      rates = RATES.matcher(line);
    } while (!rates.matches() || rates.group(1).equals("0"));
  }
}
