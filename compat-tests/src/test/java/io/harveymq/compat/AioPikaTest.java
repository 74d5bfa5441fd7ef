package io.harveymq.compat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** The Python library aio-pika; after a restart of the broker its robust connection recovers. */
class AioPikaTest extends ClientTest {

  @BeforeAll
  static void requireLibrary() throws Exception {
    Python.require("aio_pika", "python3-aio-pika");
  }

  @Override
  List<String> command(String mode, String uri, String queue) {
    return Python.command("aio-pika/steps.py", mode, uri, queue);
  }
}
