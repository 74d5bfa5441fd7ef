package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Python library pika, with its blocking connection and with callbacks. */
class PikaStepsTest extends ClientTest {

  @BeforeAll
  static void requireLibrary() throws Exception {
    PikaProgram.requirePika();
  }

  @Override
  List<String> command(String mode, String uri, String queue) {
    return Python.command("pika/steps.py", mode, uri, queue);
  }

  /** The same with callbacks, on pika's own loop and on that of asyncio. */
  @ParameterizedTest
  @ValueSource(strings = {"select", "asyncio"})
  void callbacksComeAsWithRabbitMq(String adapter) throws Exception {
    String queue = name(adapter);
    assertThat(
            Program.run(Python.command("pika/adapters.py", adapter, BrokerUnderTest.uri(), queue)))
        .containsExactly(
            "declared 0 0",
            "returned 312 NO_ROUTE lost",
            "confirmed",
            "delivered one false",
            "delivered one true",
            "delivered two false",
            "delivered two true",
            "delivered three false",
            "406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue '"
                + queue
                + "' in vhost '/': received 'false' but current is 'true'",
            "deleted 0",
            "closed 200");
  }
}
