package io.harveymq.compat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** The PHP library php-amqplib. */
class PhpAmqplibTest extends ClientTest {

  @BeforeAll
  static void requireLibrary() throws Exception {
    Program.require(
        "PHP must have the library php-amqplib: apt-get install php-cli php-amqplib",
        List.of("php", "-r", "require 'PhpAmqpLib/autoload.php';"));
  }

  @Override
  List<String> command(String mode, String uri, String queue) {
    return List.of("php", Program.source("php/steps.php").toString(), mode, uri, queue);
  }
}
