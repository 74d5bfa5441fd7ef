package io.harveymq.benchmarks;

import java.io.IOException;

/** Something that can be measured on any running broker and leaves nothing behind on it. */
public interface Measurement {

  /** Short name of the scenario with the sizes that matter, the same for every broker. */
  String name();

  /**
   * Runs once, to its end, on the calling thread.
   *
   * @throws IOException if the broker refuses or breaks off; nothing is reported then
   */
  Result run(Broker broker) throws IOException, InterruptedException;
}
