package io.harveymq.server.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a broker, and ends it. Any thread. */
final class NodeCommands {
  private static final int STARTUP_SECONDS = 300;
  private static final int WAIT_SECONDS = 10;
  private static final int STOP_SECONDS = 60;
  private static final int PING_SECONDS = 60;
  private static final long POLL_MILLIS = 100;

  private NodeCommands() {}

  static void addTo(CommandTable table) {
    table.group("Nodes", List.of(Tool.CTL));
    table.add(
        "await_startup", "", "Waits until the broker accepts clients", NodeCommands::awaitStartup);
    table.add(
        "await_online_nodes",
        "<count>",
        "Waits until so many nodes are there; more than one there never are",
        NodeCommands::awaitNodes);
    table.add(
        "shutdown",
        "[--wait] [--no-wait]",
        "Ends the broker and waits for it",
        call -> stop(call, "Shutting down RabbitMQ node " + call.node()));
    table.add(
        "stop",
        "[<pidfile>]",
        "Ends the broker and waits for it",
        call -> stop(call, "Stopping and halting node " + call.node() + " ..."));
    table.group("Nodes", Tool.BOTH);
    table.add(
        "wait",
        "[<pidfile>] [--pid|-P <pid>]",
        "Waits until the broker accepts clients",
        NodeCommands::await);
    table.group("Monitoring, observability and health checks", Tool.BOTH);
    table.add("ping", "", "Checks that the broker answers", NodeCommands::ping);
  }

  private static void ping(Call call) throws CtlException {
    String shown = call.option("node", null);
    String node = shown == null ? nodeOrNull(call) : shown;
    int millis = call.timeoutMillis(PING_SECONDS);
    call.banner(
        "Will ping "
            + (node == null ? "the broker" : node)
            + ". This only checks if its API answers. Timeout: "
            + millis
            + " ms.");
    try {
      call.api().get("whoami");
    } catch (CtlException failed) {
      throw new CtlException(
          failed.status(),
          "Error:\nFailed to connect and authenticate to "
              + (node == null ? "the broker" : node)
              + " in "
              + millis
              + " ms\n"
              + failed.getMessage());
    }
    call.say("Ping succeeded");
  }

  private static String nodeOrNull(Call call) {
    try {
      return call.node();
    } catch (CtlException notThere) {
      return null;
    }
  }

  // ---- waiting

  private static void awaitStartup(Call call) throws CtlException {
    until(call, STARTUP_SECONDS, "await_startup");
  }

  private static void awaitNodes(Call call) throws CtlException {
    call.banner("Will wait for at least " + call.argument(0) + " nodes to join the cluster");
    if (!call.argument(0).equals("1")) {
      throw CtlException.refused("Harvey is always one node alone");
    }
    until(call, STARTUP_SECONDS, "await_online_nodes");
  }

  private static void await(Call call) throws CtlException {
    String file = call.argument(0);
    String pid = call.option("pid", null);
    if (file == null && pid == null) {
      throw CtlException.arguments(Exit.USAGE, "No PID or pid file specified");
    }
    if (pid != null) {
      requireProcess(pid);
    } else {
      call.banner("Waiting for pid file '" + file + "' to appear");
      // Harvey writes none: whether a broker answers tells the same
      if (Files.exists(Path.of(file))) {
        call.banner("pid file '" + file + "' is there");
      }
    }
    String node = until(call, WAIT_SECONDS, "wait");
    call.banner("Applications 'rabbit_and_plugins' are running on node '" + node + "'");
  }

  private static void requireProcess(String pid) throws CtlException {
    try {
      if (ProcessHandle.of(Long.parseLong(pid)).isPresent()) {
        return;
      }
    } catch (NumberFormatException noNumber) {
      throw CtlException.arguments(Exit.USAGE, "Invalid options for this command:\n--pid : " + pid);
    }
    throw CtlException.refused("the process with id " + pid + " is not running");
  }

  /** Asks again and again until there is an answer; gives the name of the node. */
  private static String until(Call call, int usualSeconds, String operation) throws CtlException {
    long millis = call.timeoutMillis(usualSeconds);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    CtlException last;
    do {
      try {
        Api api = new Api(call.locator().find(), (int) Math.max(1, millis));
        AppCommands.requireRunning(api);
        return api.control().node();
      } catch (CtlException notYet) {
        last = notYet;
        if (notYet.status() == Exit.USAGE) {
          throw notYet;
        }
      }
      pause();
    } while (System.nanoTime() - end < 0);
    throw new CtlException(
        Exit.TEMPORARY,
        "Error: operation "
            + operation
            + " timed out. Timeout value used: "
            + millis
            + "\n\n"
            + last.getMessage());
  }

  /** There is no broker yet that could tell when to ask again. */
  private static void pause() throws CtlException {
    try {
      new CountDownLatch(1).await(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CtlException(Exit.SOFTWARE, "interrupted");
    }
  }

  // ---- the end

  private static void stop(Call call, String banner) throws CtlException {
    call.banner(banner);
    JsonNode found = call.get("nodes");
    long pid = call.api().control().pid();
    if (pid == 0) {
      throw CtlException.refused("a broker on another machine can't be stopped over HTTP");
    }
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    boolean same = found.path(0).path("os_pid").asText().equals(Long.toString(pid));
    if (process.isEmpty() || !same) {
      throw CtlException.refused(
          "the broker is not among the processes here; stop its container or service");
    }
    if (!process.get().destroy()) {
      throw CtlException.refused("process " + pid + " can't be stopped by this user");
    }
    try {
      process.get().onExit().get(call.timeoutMillis(STOP_SECONDS), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new CtlException(Exit.TEMPORARY, "Error: process " + pid + " has not ended in time");
    } catch (ExecutionException | InterruptedException failed) {
      throw new CtlException(Exit.SOFTWARE, "Error: no end of process " + pid + " was seen");
    }
  }
}
