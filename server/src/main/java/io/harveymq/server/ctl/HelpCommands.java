package io.harveymq.server.ctl;

import java.util.List;

/** {@code help}, {@code version} and {@code autocomplete}. Any thread. */
final class HelpCommands {
  private static final int NAME_WIDTH = 30;

  private HelpCommands() {}

  static void addTo(CommandTable table) {
    table.group("Help", List.of(Tool.values()));
    table.add(
        "autocomplete",
        "<prefix>",
        "Lists the commands that begin so",
        call ->
            table.of(call.tool()).stream()
                .map(CtlCommand::name)
                .filter(name -> name.startsWith(call.argument(0)))
                .sorted()
                .forEach(call::say));
    table.add(
        "help",
        "[<command>]",
        "Displays usage information for a command",
        call -> {
          String text =
              call.arguments().isEmpty()
                  ? overview(call.tool(), table)
                  : of(call.tool(), table, call.argument(0));
          call.say(text.stripTrailing());
        });
    table.add(
        "version",
        "",
        "Displays the version of RabbitMQ that Harvey behaves like",
        call -> call.say(call.get("overview").path("rabbitmq_version").asText()));
  }

  /** What a tool can do. */
  static String overview(Tool tool, CommandTable table) {
    StringBuilder help = new StringBuilder("Usage\n\n");
    help.append(tool.program())
        .append(
            " [--node <node>] [--timeout <timeout>] [--longnames] [--quiet] <command>"
                + " [<command options>]\n\nAvailable commands:\n");
    table
        .byGroup(tool)
        .forEach(
            (group, commands) -> {
              help.append('\n').append(group).append(":\n\n");
              for (CtlCommand command : commands) {
                String name = command.name();
                int gap = Math.max(1, NAME_WIDTH - name.length());
                help.append("   ").append(name).append(" ".repeat(gap));
                help.append(command.description()).append('\n');
              }
            });
    help.append("\nUse '" + tool.program() + " help <command>' to learn more about a command\n");
    return help.toString();
  }

  /**
   * What a command does.
   *
   * @throws CtlException when there is no such command
   */
  static String of(Tool tool, CommandTable table, String name) throws CtlException {
    CtlCommand command = table.find(tool, name);
    if (command == null) {
      throw new CtlException(Exit.USAGE, "Error:\n\nCommand '" + name + "' not found.");
    }
    return "\nUsage\n\n"
        + command.usageLine(tool)
        + "\n\n"
        + command.description()
        + ".\n\n"
        + """
        General options

        short     | long                | description
        ----------|---------------------|--------------------------------
        -n <node> | --node <node>       | the broker with this name
        -t <n>    | --timeout <n>       | how long to wait, in seconds
        -q        | --quiet             | results alone
        -s        | --silent            | results alone, without table headers
        -p <name> | --vhost <name>      | the virtual host
                  | --formatter <name>  | table, pretty_table, json or csv
                  | --no-table-headers  | tables without a header
                  | --data-dir <dir>    | the broker with this data directory
                  | --config <file>     | the broker with this configuration
                  | --uri <uri>         | the broker with this management:
                  |                     | http://user:password@host:15672
        """;
  }
}
