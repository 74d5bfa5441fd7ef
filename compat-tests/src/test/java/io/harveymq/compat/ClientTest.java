package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a client library is tried with, whatever its language: a program of ours takes the steps
 * that every one of them offers and prints a line for each, and the lines are the same for all.
 * Once it talks to the broker under test; once to a broker of its own, which is stopped and started
 * again meanwhile. A subclass names the program and what its library cannot do.
 */
@Tag("clients")
@Timeout(120)
abstract class ClientTest extends CompatTest {

  /**
   * The command that runs the program.
   *
   * @param mode {@code steps} or {@code restart}
   * @param uri the broker's, without a virtual host
   * @param queue the queue to use; names that start with it are the program's own
   */
  abstract List<String> command(String mode, String uri, String queue) throws Exception;

  /** The lines of the steps. */
  List<String> steps(String queue) {
    String in = " in vhost '/'";
    return List.of(
        "declared 0 0",
        "confirmed 3",
        "returned 312 NO_ROUTE lost",
        "got one false 2",
        "delivered one true",
        "delivered two false",
        "delivered two true",
        "delivered three false",
        "headers same",
        "large same",
        "404 NOT_FOUND - no queue '" + queue + "-missing'" + in,
        "406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue '"
            + queue
            + "'"
            + in
            + ": received 'false' but current is 'true'",
        "404 NOT_FOUND - no exchange '" + queue + "-missing'" + in,
        "deleted 0");
  }

  @Test
  void stepsEndAsWithRabbitMq() throws Exception {
    String queue = name("steps");
    assertThat(Program.run(command("steps", BrokerUnderTest.uri(), queue)))
        .containsExactlyElementsOf(steps(queue));
  }

  @Test
  @Tag("restarts")
  void programGoesOnAfterARestartOfTheBroker() throws Exception {
    try (BrokerProcess broker = BrokerProcess.create()) {
      broker.start();
      try (Program program = new Program(command("restart", broker.uri(), "restart"))) {
        assertThat(program.nextLines(2)).containsExactly("ready", "delivered before false");
        broker.stop();
        assertThat(program.nextLine()).isEqualTo("lost");
        broker.start();
        assertThat(program.rest())
            .containsExactly(
                "back", "delivered before true", "confirmed after", "delivered after false");
      }
    }
  }
}
