package io.harveymq.server.ctl;

import io.harveymq.server.config.EditDistance;
import io.harveymq.server.ctl.CtlCommand.Action;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All commands, in the order of the help. Filled by one thread, then not changed. */
final class CommandTable {
  /** The lines of the help of one tool, by heading. */
  private final List<CtlCommand> commands = new ArrayList<>();

  private String group = "";
  private List<Tool> tools = List.of(Tool.CTL);

  /** All that there are. */
  static CommandTable complete() {
    CommandTable table = new CommandTable();
    HelpCommands.addTo(table);
    NodeCommands.addTo(table);
    AppCommands.addTo(table);
    UserCommands.addTo(table);
    AccessCommands.addTo(table);
    ListCommands.addTo(table);
    HealthCommands.addTo(table);
    ParameterCommands.addTo(table);
    PolicyCommands.addTo(table);
    VhostCommands.addTo(table);
    LimitCommands.addTo(table);
    DefinitionCommands.addTo(table);
    OperationCommands.addTo(table);
    PluginCommands.addTo(table);
    AbsentCommands.addTo(table);
    return table;
  }

  /** Begins a group. */
  CommandTable group(String heading, List<Tool> has) {
    this.group = heading;
    this.tools = has;
    return this;
  }

  /** Adds a command to the group. */
  CommandTable add(String name, String usage, String description, Action action) {
    commands.add(new CtlCommand(name, tools, group, usage, description, action));
    return this;
  }

  /** The command of a tool with this name, or null. */
  CtlCommand find(Tool tool, String name) {
    for (CtlCommand command : commands) {
      if (command.name().equals(name) && command.tools().contains(tool)) {
        return command;
      }
    }
    return null;
  }

  /** The commands of a tool. */
  List<CtlCommand> of(Tool tool) {
    return commands.stream().filter(command -> command.tools().contains(tool)).toList();
  }

  /** The commands of a tool by heading. */
  Map<String, List<CtlCommand>> byGroup(Tool tool) {
    Map<String, List<CtlCommand>> groups = new LinkedHashMap<>();
    for (CtlCommand command : of(tool)) {
      groups.computeIfAbsent(command.group(), heading -> new ArrayList<>()).add(command);
    }
    return groups;
  }

  /** The command of a tool whose name is most like this one, or null when none is. */
  String suggestion(Tool tool, String name) {
    String best = null;
    int least = Math.max(2, name.length() / 4) + 1;
    for (CtlCommand command : of(tool)) {
      int distance = EditDistance.of(command.name(), name);
      if (distance < least) {
        least = distance;
        best = command.name();
      }
    }
    return best;
  }
}
