package io.harveymq.benchmarks;

import java.io.IOException;
import java.util.Map;

/**
 * Something that is measured on a broker which this process has just started for it, and which may
 * be killed and started again.
 */
interface ProcessMeasurement {

  /** Short name of the scenario with the sizes that matter, the same for every broker. */
  String name();

  /** Variables for the broker's environment, besides this process's own. */
  default Map<String, String> environment() {
    return Map.of();
  }

  /**
   * Runs once, to its end, on the calling thread.
   *
   * @throws IOException if the broker refuses, breaks off or stalls; nothing is reported then
   */
  Result run(StartScript.Running running) throws IOException, InterruptedException;
}
