package io.harveymq.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shutdown hook: on SIGTERM and SIGINT it closes the broker in order and ends the process with
 * status 0, as RabbitMQ does; the JVM's own status would be 128 plus the signal's number. Runs on
 * its own thread, once.
 */
final class Shutdown extends Thread {
  private static final Logger log = LoggerFactory.getLogger(Shutdown.class);

  private final Running running;

  Shutdown(Running running) {
    super("shutdown");
    this.running = running;
  }

  @Override
  public void run() {
    int status = Harvey.OK;
    log.info("Stopping: closing connections");
    try {
      running.close();
      log.info("Harvey stopped");
    } catch (RuntimeException e) {
      log.error("The broker did not stop in order", e);
      status = Harvey.FAILED;
    }
    System.out.flush();
    Runtime.getRuntime().halt(status);
  }
}
