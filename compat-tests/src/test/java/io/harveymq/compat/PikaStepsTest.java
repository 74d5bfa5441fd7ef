package io.harveymq.compat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** The Python library pika, with its blocking connection. */
class PikaStepsTest extends ClientTest {

  @BeforeAll
  static void requireLibrary() throws Exception {
    PikaProgram.requirePika();
  }

  @Override
  List<String> command(String mode, String uri, String queue) {
    return Python.command("pika/steps.py", mode, uri, queue);
  }
}
