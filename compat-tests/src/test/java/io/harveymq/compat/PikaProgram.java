package io.harveymq.compat;

import java.io.IOException;
import java.util.List;

/** A Python program of ours with the client library pika, running against the broker under test. */
final class PikaProgram extends Program {
  private PikaProgram(List<String> command) throws IOException {
    super(command);
  }

  /** Fails, with a word about what to install, when the library is not there. */
  static void requirePika() throws Exception {
    Python.require("pika", "python3-pika");
  }

  /** Starts the program; its argument is the broker's port. */
  static PikaProgram start(String name) throws IOException {
    return new PikaProgram(Python.command("pika/" + name, String.valueOf(BrokerUnderTest.port())));
  }

  /** Runs the program to its end, which must be a good one, and returns its lines. */
  static List<String> run(String name) throws Exception {
    try (PikaProgram program = start(name)) {
      return program.rest();
    }
  }
}
