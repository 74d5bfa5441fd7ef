package io.harveymq.server;

import io.harveymq.server.admin.Admin;
import io.harveymq.server.config.ConfigSources;
import io.harveymq.server.config.UsageException;
import io.harveymq.server.ctl.Ctl;
import io.harveymq.server.http.HttpCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    try (Running running = BrokerStart.start(settings, false);
        TrainingClient client = new TrainingClient(running.broker().port())) {
      BrokerStart.tellComplete(running);
      client.open();
      client.publishAndConsume(MESSAGES);
      useTools(settings.dataDir(), running.management().port());
      client.closeInOrder();
    }
  }

  /** What the command line tools load is in the archive, too. */
  private static void useTools(Path data, int port) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Ctl ctl = new Ctl(nowhere, nowhere, new DataDirectory(ConfigSources.none()));
    for (String command : List.of("ping", "list_queues", "status")) {
      ctl.run("ctl", List.of(command, "--data-dir", data.toString()));
    }
    HttpCall.prepare();
    Admin admin = new Admin(nowhere, nowhere, InputStream.nullInputStream(), Map.of());
    for (String command : List.of("declare exchange name=training type=topic", "list queues")) {
      admin.run(List.of(("-P " + port + " " + command).split(" ")));
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
