package io.harveymq.compat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** The Ruby library bunny; after a restart of the broker its automatic recovery connects again. */
class BunnyTest extends ClientTest {

  @BeforeAll
  static void requireLibrary() throws Exception {
    Program.require(
        "Ruby must have the library bunny: apt-get install ruby-bunny",
        List.of("ruby", "-e", "require 'bunny'"));
  }

  @Override
  List<String> command(String mode, String uri, String queue) {
    return List.of("ruby", Program.source("bunny/steps.rb").toString(), mode, uri, queue);
  }
}
