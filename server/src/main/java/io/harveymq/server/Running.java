package io.harveymq.server;

import io.harveymq.broker.Broker;
import io.harveymq.management.Management;
import io.harveymq.server.ctl.ControlFile;
import io.harveymq.server.log.Log;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A broker that was started, and its management. Any thread.
 *
 * @param management null when it is off
 * @param control how command line tools reach it; holds null without management
 * @param controlFiles where that is written
 * @param published what publishes the log in the broker; null for nothing
 */
record Running(
    Broker broker,
    Management management,
    AtomicReference<ControlFile> control,
    List<Path> controlFiles,
    Log.Exchange published)
    implements AutoCloseable {
  /** Ends both in order; waits for it. */
  @Override
  public void close() {
    try {
      controlFiles.forEach(file -> control.get().remove(file));
      if (management != null) {
        management.close();
      }
    } finally {
      broker.close();
      Log.publishNoMoreTo(published);
    }
  }
}
