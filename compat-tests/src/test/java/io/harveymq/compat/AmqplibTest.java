package io.harveymq.compat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** The library amqplib for Node.js; after a restart of the broker its recovery connects again. */
class AmqplibTest extends ClientTest {

  @BeforeAll
  static void requireLibrary() throws Exception {
    String directory = Program.source("amqplib").toString();
    Program.require(
        "Node.js 18 or newer must find amqplib: apt-get install nodejs npm; npm ci --prefix "
            + directory,
        List.of("node", "-e", "require(process.argv[1] + '/node_modules/amqplib')", directory));
  }

  @Override
  List<String> command(String mode, String uri, String queue) {
    return List.of("node", Program.source("amqplib/steps.js").toString(), mode, uri, queue);
  }
}
