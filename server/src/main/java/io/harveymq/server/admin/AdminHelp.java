package io.harveymq.server.admin;

import io.harveymq.server.admin.Subcommand.Parameter;
import java.util.List;

/** The texts of rabbitmqadmin's help. Any thread. */
final class AdminHelp {
  /** What can be asked for behind {@code help}. */
  static final List<String> TOPICS = List.of("subcommands", "config");

  static final String USAGE = "Usage\n=====\n  rabbitmqadmin [options] subcommand\n";

  private static final int WIDTH = 40;

  private static final String CONFIG =
      """
      Configuration file
      ==================

      A file keeps options for several brokers, each in a section of its own. It is
      ~/.rabbitmqadmin.conf, or what --config names; the section is [default], or what
      --node names. Options of the command line win. A setting is named as its option,
      with _ for -, but hostname for --host and verbose = False for --quiet.

        [default]
        hostname = localhost
        port = 15672
        username = guest
        password = guest
        # of what is declared, deleted and listed
        vhost = /
        # of what is declared and deleted
        declare_vhost = /

        [secure]
        hostname = broker.example.com
        port = 15671
        ssl = True
        ssl_ca_cert_file = /path/to/ca.pem
        ssl_cert_file = /path/to/client.pem
        ssl_key_file = /path/to/client_key.pem

      Use: rabbitmqadmin -c FILE -N secure list queues
      """;

  private AdminHelp() {}

  /** All options. */
  static String options() {
    StringBuilder help = new StringBuilder(USAGE).append("\nOptions\n=======\n");
    for (AdminOption option : AdminOption.values()) {
      if (option.word() == null) {
        continue;
      }
      String value = option.hasValue() ? option.valueName() : "";
      String names = option.word() + (option.hasValue() ? "=" + value : "");
      if (option.letter() != null) {
        names += ", " + option.letter() + (option.hasValue() ? " " + value : "");
      }
      int gap = WIDTH - names.length();
      help.append(names).append(gap < 2 ? "\n" + " ".repeat(WIDTH) : " ".repeat(gap));
      help.append(option.help());
      if (option.otherwise() != null && !option.otherwise().isEmpty()) {
        help.append(" [default: ").append(option.otherwise()).append(']');
      }
      help.append('\n');
    }
    return help.append(
            """

            More help
            =========

            rabbitmqadmin help subcommands    what can be done
            rabbitmqadmin help config         the file with settings
            """)
        .toString();
  }

  /** The help for a topic. */
  static String topic(String topic) throws AdminException {
    return switch (topic) {
      case "subcommands" -> subcommands();
      case "config" -> USAGE + "\n" + CONFIG;
      default -> throw AdminException.usage("help topic must be one of:\n  subcommands\n  config");
    };
  }

  private static String subcommands() {
    StringBuilder help = new StringBuilder(USAGE).append("\nDisplay\n=======\n\n");
    Subcommands.LIST.forEach(one -> help.append("  list " + one.name() + " [<column>...]\n"));
    Subcommands.SHOW.forEach(one -> help.append("  show " + one.name() + " [<column>...]\n"));
    help.append("\nObject Manipulation\n===================\n\n");
    Subcommands.DECLARE.forEach(one -> append("declare ", one, help));
    Subcommands.DELETE.forEach(one -> append("delete ", one, help));
    Subcommands.CLOSE.forEach(one -> append("close ", one, help));
    Subcommands.PURGE.forEach(one -> append("purge ", one, help));
    help.append("\nBroker Definitions\n==================\n\n  export <file>\n  import <file>\n");
    help.append("\nPublishing and Consuming\n========================\n\n");
    append("", Subcommands.PUBLISH, help);
    append("", Subcommands.GET, help);
    return help.append(
            """

              * publish sends what it reads from standard input if there is no payload
              * get with payload_file writes the payload of one message to that file
            """)
        .toString();
  }

  private static void append(String verb, Subcommand one, StringBuilder help) {
    help.append("  ").append(verb).append(one.name());
    StringBuilder optional = new StringBuilder();
    for (Parameter parameter : one.parameters()) {
      String names = String.join("=... OR ", parameter.names()) + "=...";
      if (parameter.needed()) {
        help.append(' ').append(names);
      } else {
        optional.append(optional.isEmpty() ? "" : " ").append(names);
      }
    }
    help.append(optional.isEmpty() ? "\n" : " [" + optional + "]\n");
  }
}
