package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The command line tools of rabbitmq-c, the client library for C. They have no confirms. */
@Tag("clients")
class AmqpToolsTest extends CompatTest {
  private static final int QUEUE_IS_EMPTY = 2;

  @BeforeAll
  static void requireTools() throws Exception {
    Program.require(
        "amqp-get and its like must be there: apt-get install amqp-tools",
        List.of("amqp-get", "--help"));
  }

  private static List<String> tool(String name, String... arguments) {
    Stream<String> head = Stream.of(name, "--url=" + BrokerUnderTest.uri());
    return Stream.concat(head, Stream.of(arguments)).toList();
  }

  private static List<String> run(String name, String... arguments) throws Exception {
    return Program.run(tool(name, arguments));
  }

  private static void assertRefused(String reason, String name, String... arguments)
      throws Exception {
    try (Program program = new Program(tool(name, arguments))) {
      assertThat(program.exitCode()).isEqualTo(1);
      assertThat(program.errors()).contains(reason);
    }
  }

  @Test
  void queueIsDeclaredFilledConsumedAndDeleted() throws Exception {
    String queue = name("tools");
    assertThat(run("amqp-declare-queue", "-d", "-q", queue)).containsExactly(queue);
    assertThat(run("amqp-publish", "-p", "-r", queue, "-b", "one")).isEmpty();
    try (Program lines = new Program(tool("amqp-publish", "-p", "-l", "-r", queue))) {
      lines.send("two");
      lines.send("three");
      lines.endInput();
      assertThat(lines.rest()).isEmpty();
    }
    assertThat(run("amqp-get", "-q", queue)).containsExactly("one");
    assertThat(run("amqp-delete-queue", "-q", queue)).containsExactly("2");
  }

  @Test
  void whatAConsumersCommandFailsOnComesBack() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    String[] consumer = {"-q", queue, "-p", "1", "-c", "1", "--", "sh", "-c"};
    Stream<String> failing = Stream.concat(Stream.of(consumer), Stream.of("cat; exit 1"));
    assertThat(run("amqp-consume", failing.toArray(String[]::new))).containsExactly("one");
    assertThat(run("amqp-consume", "-q", queue, "-p", "1", "-c", "3", "--", "sed", "s/$/\\n/"))
        .filteredOn(line -> !line.isEmpty())
        .containsExactly("one", "two", "three");
    try (Program empty = new Program(tool("amqp-get", "-q", queue))) {
      assertThat(empty.exitCode()).isEqualTo(QUEUE_IS_EMPTY);
    }
  }

  @Test
  void whyAChannelWasClosedIsTold() throws Exception {
    String queue = newQueue();
    String missing = queue + "-missing";
    assertRefused(
        "server channel error 404, message: NOT_FOUND - no queue '" + missing + "' in vhost '/'",
        "amqp-get",
        "-q",
        missing);
    assertRefused(
        "server channel error 404, message: NOT_FOUND - no exchange '" + missing + "' in vhost '/'",
        "amqp-publish",
        "-e",
        missing,
        "-b",
        "lost");
    assertRefused(
        "server channel error 406, message: PRECONDITION_FAILED - inequivalent arg 'durable' for"
            + " queue '"
            + queue
            + "'",
        "amqp-declare-queue",
        "-d",
        "-q",
        queue);
  }
}
