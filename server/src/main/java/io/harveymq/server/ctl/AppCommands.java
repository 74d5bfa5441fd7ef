package io.harveymq.server.ctl;

import io.harveymq.management.json.Json;
import java.util.List;
import java.util.Set;

/** Stops and starts what clients use of a broker, and resets it. Any thread. */
final class AppCommands {
  private static final String PATH = "dev/app";
  private static final String RUNNING = "running";

  /** Read off RabbitMQ 3.10.8; all others it refuses then. */
  private static final Set<String> WHILE_STOPPED =
      Set.of(
          "autocomplete",
          "help",
          "version",
          "await_startup",
          "await_online_nodes",
          "check_running",
          "erlang_version",
          "force_gc",
          "force_reset",
          "hash_password",
          "is_booting",
          "is_running",
          "log_location",
          "ping",
          "reset",
          "server_version",
          "shutdown",
          "start_app",
          "stop",
          "stop_app",
          "wait");

  private AppCommands() {}

  static void addTo(CommandTable table) {
    table.group("Nodes", List.of(Tool.CTL));
    table.add(
        "stop_app",
        "",
        "Closes all connections and lets no client in; the process goes on",
        call -> {
          call.banner("Stopping rabbit application on node " + call.node() + " ...");
          run(call, false);
        });
    table.add(
        "start_app",
        "",
        "Lets clients in again after stop_app",
        call -> {
          call.banner("Starting node " + call.node() + " ...");
          run(call, true);
        });
    table.add(
        "reset",
        "",
        "Leaves only what the broker begins with; after stop_app",
        call -> reset(call, "Resetting node " + call.node() + " ..."));
    table.add(
        "force_reset",
        "",
        "The same as reset",
        call -> reset(call, "Forcefully resetting node " + call.node() + " ..."));
  }

  private static void run(Call call, boolean on) throws CtlException {
    Api.require(call.api().put(PATH, Json.object().put(RUNNING, on)));
  }

  private static void reset(Call call, String banner) throws CtlException {
    if (isRunning(call.api())) {
      throw CtlException.state(
          "this command requires the 'rabbit' app to be stopped on the target node."
              + " Stop it with 'rabbitmqctl stop_app'.");
    }
    call.banner(banner);
    Api.require(call.api().post(PATH + "/reset", new byte[0]));
  }

  /** Whether a command is also for a broker that is stopped. */
  static boolean runWhileStopped(Tool tool, CtlCommand command) {
    return tool == Tool.PLUGINS
        || command.group().equals(AbsentCommands.GROUP)
        || WHILE_STOPPED.contains(command.name());
  }

  /**
   * Checks that the broker is not stopped, as far as it tells.
   *
   * @throws CtlException when it is
   */
  static void requireStarted(Api api) throws CtlException {
    Api.Reply reply = api.tryGet(PATH);
    if (reply.isOk() && !reply.body().path(RUNNING).asBoolean()) {
      throw CtlException.state(
          "this command requires the 'rabbit' app to be running on the target node."
              + " Start it with 'rabbitmqctl start_app'.");
    }
  }

  /** Whether clients are let in. */
  static boolean isRunning(Api api) throws CtlException {
    return api.get(PATH).path(RUNNING).asBoolean();
  }

  /**
   * Checks that clients are let in.
   *
   * @throws CtlException when not
   */
  static void requireRunning(Api api) throws CtlException {
    if (!isRunning(api)) {
      throw CtlException.refused(isStopped(api.control().node()));
    }
  }

  /** What RabbitMQ's tools say when clients are not let in. */
  static String isStopped(String node) {
    return "RabbitMQ on node "
        + node
        + " is not running or has not fully booted yet (check with is_booting)";
  }
}
