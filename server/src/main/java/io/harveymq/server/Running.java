package io.harveymq.server;

import io.harveymq.broker.Broker;
import io.harveymq.management.Management;
import io.harveymq.server.ctl.ControlFile;
import java.nio.file.Path;
import java.util.List;

/**
 * A broker that was started, and its management. Any thread.
 *
 * @param management null when it is off
 * @param control how command line tools reach it; null without management
 * @param controlFiles where that is written
 */
record Running(Broker broker, Management management, ControlFile control, List<Path> controlFiles)
    implements AutoCloseable {
  /** Ends both in order; waits for it. */
  @Override
  public void close() {
    try {
      controlFiles.forEach(control::remove);
      if (management != null) {
        management.close();
      }
    } finally {
      broker.close();
    }
  }
}
