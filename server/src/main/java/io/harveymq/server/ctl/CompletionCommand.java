package io.harveymq.server.ctl;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * {@code harvey completion bash|zsh}: prints what makes the shell complete {@code harvey} and the
 * names of RabbitMQ's tools, from the table of commands. Main thread.
 */
public final class CompletionCommand {
  private static final int WRONG = 2;
  private static final String WORDS =
      "server config store tls ctl diagnostics plugins completion --help --version";

  private final PrintStream out;
  private final PrintStream err;
  private final CommandTable table = CommandTable.complete();

  public CompletionCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Runs one command line.
   *
   * @param arguments those behind the word {@code completion}
   * @return the exit status
   */
  public int run(List<String> arguments) {
    String shell = arguments.size() == 1 ? arguments.get(0) : "";
    switch (shell) {
      case "bash" -> out.print(bash());
      case "zsh" -> out.print(zsh());
      default -> {
        err.println("harvey: completion needs the name of a shell: bash or zsh");
        return WRONG;
      }
    }
    return 0;
  }

  /** For bash. */
  String bash() {
    StringBuilder script =
        new StringBuilder("# bash completion for harvey, written by 'harvey completion bash'\n");
    script.append("_harvey_words() {\n  case $1 in\n");
    for (Tool tool : Tool.values()) {
      script.append("    ").append(tool.word()).append(")\n      case $2 in\n");
      for (CtlCommand command : table.of(tool)) {
        String options = options(command);
        if (!options.isEmpty()) {
          script.append("        %s) echo \"%s\" ;;%n".formatted(command.name(), options));
        }
      }
      script.append("        '') echo \"%s\" ;;%n      esac ;;%n".formatted(names(tool)));
    }
    script.append("  esac\n}\n\n");
    script.append(
        """
        _harvey() {
          local tool command i word words
          case ${COMP_WORDS[0]##*/} in
            rabbitmqctl) tool=ctl i=1 ;;
            rabbitmq-diagnostics) tool=diagnostics i=1 ;;
            rabbitmq-plugins) tool=plugins i=1 ;;
            *) tool=${COMP_WORDS[1]} i=2
               if [ "$COMP_CWORD" -eq 1 ]; then
                 COMPREPLY=($(compgen -W "@WORDS@" -- "${COMP_WORDS[COMP_CWORD]}"))
                 return
               fi ;;
          esac
          command=
          while [ "$i" -lt "$COMP_CWORD" ]; do
            word=${COMP_WORDS[i]}
            case $word in
              -n|-p|-t|--node|--vhost|--timeout|--formatter|--data-dir|--config|--uri) i=$((i + 1)) ;;
              -*) ;;
              *) command=$word; break ;;
            esac
            i=$((i + 1))
          done
          if [ "$command" = help ]; then command=; fi
          words="$(_harvey_words "$tool" "$command")"
          case ${COMP_WORDS[COMP_CWORD]} in
            -*) words="$words @GLOBAL@" ;;
          esac
          COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _harvey harvey rabbitmqctl rabbitmq-diagnostics rabbitmq-plugins
        """
            .replace("@WORDS@", WORDS)
            .replace("@GLOBAL@", global()));
    return script.toString();
  }

  private String names(Tool tool) {
    TreeSet<String> names = new TreeSet<>();
    table.of(tool).forEach(command -> names.add(command.name()));
    return String.join(" ", names);
  }

  private static String options(CtlCommand command) {
    List<String> options = new ArrayList<>();
    command.options().keySet().forEach(name -> options.add("--" + name));
    return String.join(" ", options);
  }

  private static String global() {
    List<String> options = new ArrayList<>();
    CommandLine.GLOBAL.forEach(option -> options.add("--" + option.name()));
    return String.join(" ", options);
  }

  /** For zsh. */
  String zsh() {
    StringBuilder script =
        new StringBuilder("#compdef harvey rabbitmqctl rabbitmq-diagnostics rabbitmq-plugins\n");
    script.append("# zsh completion for harvey, written by 'harvey completion zsh'\n");
    for (Tool tool : Tool.values()) {
      script.append("_harvey_").append(tool.word()).append("() {\n  local -a commands=(\n");
      for (CtlCommand command : table.of(tool)) {
        String description = command.description().replace("'", "'\\''").replace(":", "\\:");
        script.append("    '").append(command.name()).append(':').append(description);
        script.append("'\n");
      }
      script.append("  )\n  _describe command commands\n}\n");
    }
    List<String> options = new ArrayList<>();
    CommandLine.GLOBAL.forEach(option -> options.add("'--" + option.name() + "'"));
    script.append(
        """
        _harvey() {
          local -a words_of_harvey=(@WORDS@)
          local -a options=(@GLOBAL@)
          local tool
          integer at=2
          case ${words[1]:t} in
            rabbitmqctl) tool=ctl ;;
            rabbitmq-diagnostics) tool=diagnostics ;;
            rabbitmq-plugins) tool=plugins ;;
            *) tool=${words[2]}; at=3 ;;
          esac
          if (( CURRENT < at )); then
            compadd -a words_of_harvey
          elif [[ ${words[CURRENT]} == -* ]]; then
            compadd -a options
          elif (( CURRENT == at )) && (( $+functions[_harvey_$tool] )); then
            _harvey_$tool
          else
            _files
          fi
        }
        _harvey "$@"
        """
            .replace("@WORDS@", WORDS)
            .replace("@GLOBAL@", String.join(" ", options)));
    return script.toString();
  }
}
