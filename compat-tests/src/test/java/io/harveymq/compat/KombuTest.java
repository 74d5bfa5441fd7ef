package io.harveymq.compat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** The Python library kombu, on py-amqp; it connects again with its own retry policy. */
class KombuTest extends ClientTest {

  @BeforeAll
  static void requireLibrary() throws Exception {
    Python.require("kombu", "python3-kombu");
  }

  @Override
  List<String> command(String mode, String uri, String queue) {
    return Python.command("kombu/steps.py", mode, uri, queue);
  }
}
