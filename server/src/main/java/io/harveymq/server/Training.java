package io.harveymq.server;

import io.harveymq.server.config.UsageException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * {@code harvey train}: the run that the class-data archive is made from. It takes the way of a
 * real start, on a free port of the loopback interface, and has one client publish and consume, so
 * that every class a broker needs early is in the archive. The start script runs it with the JVM
 * option that writes the archive at exit. Main thread.
 */
final class Training {
  private static final int MESSAGES = 2_000;

  private Training() {}

  /**
   * Starts a broker, uses it, stops it. What the client meets is only logged, for the archive
   * merely lacks some classes then.
   */
  static void run() throws UsageException, StartException {
    try {
      Path data = Files.createTempDirectory("harvey-training");
      try {
        run(
            ServerSettings.of(
                "--amqp-port=0",
                "--bind=127.0.0.1",
                "--data-dir=" + data,
                "--http-port=0",
                "--metrics-port=0"));
      } finally {
        delete(data);
      }
    } catch (IOException e) {
      LoggerFactory.getLogger(Training.class).warn("The training client met a problem", e);
    }
  }

  private static void run(ServerSettings settings) throws StartException, IOException {
    BrokerStart.configure(settings.log());
    try (Running running = BrokerStart.start(settings);
        TrainingClient client = new TrainingClient(running.broker().port())) {
      client.open();
      client.publishAndConsume(MESSAGES);
      client.closeInOrder();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
