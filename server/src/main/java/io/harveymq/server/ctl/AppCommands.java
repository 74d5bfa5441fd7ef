package io.harveymq.server.ctl;

import io.harveymq.management.json.Json;
import java.util.List;

/** Stops and starts what clients use of a broker, and resets it. Any thread. */
final class AppCommands {
  private static final String PATH = "dev/app";
  private static final String RUNNING = "running";

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
      throw CtlException.arguments(
          Exit.USAGE,
          "this command requires the 'rabbit' app to be stopped on the target node."
              + " Stop it with 'rabbitmqctl stop_app'.");
    }
    call.banner(banner);
    Api.require(call.api().post(PATH + "/reset", new byte[0]));
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
