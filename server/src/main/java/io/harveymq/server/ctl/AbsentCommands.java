package io.harveymq.server.ctl;

import java.util.List;

/** Commands that RabbitMQ has and Harvey has not: each says why, and fails. Any thread. */
final class AbsentCommands {
  /** The heading that they are listed under. */
  static final String GROUP = "Not in Harvey";

  private static final String ONE_NODE = "Harvey is one node; there is no cluster to change";

  private AbsentCommands() {}

  static void addTo(CommandTable table) {
    table.group(GROUP, List.of(Tool.CTL));
    String code = "Harvey runs no Erlang or Elixir code; its HTTP API tells what there is";
    absent(table, "eval", "<expression>", code);
    absent(table, "eval_file", "<file>", code);
    absent(table, "exec", "<expression>", code);
    absent(table, "force_boot", "", ONE_NODE);
    absent(table, "join_cluster", "[<node>] [--disc] [--ram]", ONE_NODE);
    absent(table, "forget_cluster_node", "<node> [--offline]", ONE_NODE);
    absent(table, "change_cluster_node_type", "<type>", ONE_NODE);
    absent(table, "rename_cluster_node", "[<name> ...]", ONE_NODE);
    absent(table, "update_cluster_nodes", "<node>", ONE_NODE);
    String mirrors = "Harvey has no mirrored queues";
    absent(table, "sync_queue", "[--vhost <vhost>] <queue>", mirrors);
    absent(table, "cancel_sync_queue", "[--vhost <vhost>] <queue>", mirrors);
    String logs = "the log is set with log.* keys and --log-level when Harvey starts";
    absent(table, "set_log_level", "<level>", logs);
    absent(table, "rotate_logs", "", "This command does not rotate logs anymore [deprecated]");
    String listeners = "Harvey's listeners can't be suspended";
    absent(table, "suspend_listeners", "", listeners);
    absent(table, "resume_listeners", "", listeners);
    table.group(GROUP, Tool.BOTH);
    absent(table, "environment", "", "Harvey has no Erlang applications; see 'harvey config show'");
  }

  private static void absent(CommandTable table, String name, String usage, String reason) {
    table.add(
        name,
        usage,
        reason,
        call -> {
          throw CtlException.refused(reason + ".");
        });
  }
}
