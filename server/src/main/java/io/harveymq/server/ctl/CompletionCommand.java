package io.harveymq.server.ctl;

import io.harveymq.server.admin.AdminOption;
import io.harveymq.server.admin.Subcommands;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * {@code harvey completion bash|zsh}: prints what makes the shell complete {@code harvey} and the
 * names of RabbitMQ's tools, from the table of commands. Main thread.
 */
public final class CompletionCommand {
  private static final int WRONG = 2;
  private static final String WORDS =
      "server config store tls ctl diagnostics plugins admin completion --help --version";
  private static final String VALUED =
      "-n|-p|-t|--node|--vhost|--timeout|--formatter|--data-dir|--config|--uri";
  private static final String FORMATTERS = "table pretty_table json csv";
  private static final String PROGRAMS =
      "rabbitmqctl rabbitmq-diagnostics rabbitmq-plugins rabbitmqadmin";
  private static final Map<String, List<String>> ADMIN = Subcommands.kinds();

  private static final String BASH =
      """
      _harvey() {
        local tool command i word words
        local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
        COMPREPLY=()
        case ${COMP_WORDS[0]##*/} in
          rabbitmqctl) tool=ctl i=1 ;;
          rabbitmq-diagnostics) tool=diagnostics i=1 ;;
          rabbitmq-plugins) tool=plugins i=1 ;;
          rabbitmqadmin) tool=admin i=1 ;;
          *) tool=${COMP_WORDS[1]} i=2
             if [ "$COMP_CWORD" -eq 1 ]; then
               words="@WORDS@"
               case $current in
                 -*) words="$words $(_harvey_words server)" ;;
               esac
               COMPREPLY=($(compgen -W "$words" -- "$current"))
               return
             fi ;;
        esac
        if [ "$before" = --formatter ]; then
          COMPREPLY=($(compgen -W "@FORMATTERS@" -- "$current"))
          return
        fi
        case $tool in -*) tool=server ;; esac
        case $tool in
          ctl|diagnostics|plugins|admin) ;;
          *) case $before,$current in
               *,-*) ;;
               -*,*) return ;;
             esac
             COMPREPLY=($(compgen -W "$(_harvey_words "$tool")" -- "$current"))
             return ;;
        esac
        command=
        while [ "$i" -lt "$COMP_CWORD" ]; do
          word=${COMP_WORDS[i]}
          case $tool:$word in
            @ADMIN_VALUED@) i=$((i + 1)) ;;
            admin:-*) ;;
            *:@OTHER_VALUED@) i=$((i + 1)) ;;
            *:-*) ;;
            *) command=$word; break ;;
          esac
          i=$((i + 1))
        done
        if [ "$tool:$command" != admin:help ] && [ "$command" = help ]; then command=; fi
        words="$(_harvey_words "$tool" "$command")"
        case $tool:$current in
          admin:-*) words="@ADMIN@" ;;
          *:-*) words="$words @GLOBAL@" ;;
        esac
        COMPREPLY=($(compgen -W "$words" -- "$current"))
      }
      complete -o default -F _harvey harvey @PROGRAMS@
      """;

  private static final String ZSH =
      """
      _harvey() {
        local -a words_of_harvey=(@WORDS@)
        local -a options=(@GLOBAL@)
        local -A others=(@OTHERS@ )
        local tool
        integer at=2
        case ${words[1]:t} in
          rabbitmqctl) tool=ctl ;;
          rabbitmq-diagnostics) tool=diagnostics ;;
          rabbitmq-plugins) tool=plugins ;;
          rabbitmqadmin) tool=admin ;;
          *) tool=${words[2]}; at=3 ;;
        esac
        if (( CURRENT < at )); then
          compadd -a words_of_harvey
          if [[ ${words[CURRENT]} == -* ]]; then
            compadd -- ${=others[server]}
          fi
          return
        fi
        if [[ $tool == -* ]]; then
          tool=server
        fi
        local valued="@VALUED@"
        if [[ $tool == admin ]]; then
          options=(@ADMIN@)
          valued="@ADMIN_WORDS@"
        fi
        while (( at < CURRENT )) && [[ ${words[at]} == -* ]]; do
          if [[ ${words[at]} == (${~valued}) ]]; then
            (( at += 2 ))
          else
            (( at++ ))
          fi
        done
        if [[ ${words[CURRENT - 1]} == --formatter ]]; then
          compadd @FORMATTERS@
        elif (( $+others[$tool] )); then
          if [[ ${words[CURRENT - 1]} == -* && ${words[CURRENT]} != -* ]]; then
            _files
          else
            compadd -- ${=others[$tool]}
          fi
        elif [[ ${words[CURRENT]} == -* ]]; then
          compadd -a options
        elif (( CURRENT == at && $+functions[_harvey_$tool] )); then
          _harvey_$tool
        elif (( CURRENT == at + 1 )) && [[ $tool == admin ]]; then
          _harvey_admin
        else
          _files
        fi
      }
      _harvey "$@"
      """;

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> others;
  private final CommandTable table = CommandTable.complete();

  /**
   * @param others what may stand behind the words of {@code harvey} that are no tools of RabbitMQ,
   *     {@code server} among them
   */
  public CompletionCommand(PrintStream out, PrintStream err, Map<String, String> others) {
    this.out = out;
    this.err = err;
    this.others = new TreeMap<>(others);
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
    others.forEach(
        (word, words) -> script.append("    %s) echo \"%s\" ;;%n".formatted(word, words)));
    script.append("    admin)\n      case $2 in\n");
    ADMIN.forEach(
        (word, kinds) ->
            script.append("        %s) echo \"%s\" ;;%n".formatted(word, String.join(" ", kinds))));
    script.append(
        "        '') echo \"%s\" ;;%n      esac ;;%n"
            .formatted(String.join(" ", Subcommands.actions())));
    script.append("  esac\n}\n\n");
    script.append(
        BASH.replace("@WORDS@", WORDS)
            .replace("@PROGRAMS@", PROGRAMS)
            .replace("@FORMATTERS@", FORMATTERS)
            .replace("@ADMIN_VALUED@", "admin:" + String.join("|admin:", valued()))
            .replace("@OTHER_VALUED@", VALUED.replace("|", "|*:"))
            .replace("@ADMIN@", String.join(" ", adminOptions()))
            .replace("@GLOBAL@", global()));
    return script.toString();
  }

  /** The options of rabbitmqadmin that have a value. */
  private static List<String> valued() {
    return Stream.of(AdminOption.values())
        .filter(AdminOption::hasValue)
        .flatMap(option -> Stream.of(option.letter(), option.word()))
        .filter(Objects::nonNull)
        .toList();
  }

  private static List<String> adminOptions() {
    return Stream.of(AdminOption.values()).map(AdminOption::word).filter(Objects::nonNull).toList();
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
    StringBuilder script = new StringBuilder("#compdef harvey " + PROGRAMS + "\n");
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
    script.append("_harvey_admin() {\n  if (( CURRENT == at )); then\n    compadd ");
    script.append(String.join(" ", Subcommands.actions())).append("\n    return\n  fi\n");
    script.append("  case ${words[at]} in\n");
    ADMIN.forEach(
        (word, kinds) ->
            script.append("    %s) compadd %s ;;%n".formatted(word, String.join(" ", kinds))));
    script.append("    *) _files ;;\n  esac\n}\n");
    StringBuilder behind = new StringBuilder();
    others.forEach((word, words) -> behind.append(" %s '%s'".formatted(word, words)));
    script.append(
        ZSH.replace("@WORDS@", WORDS)
            .replace("@OTHERS@", behind)
            .replace("@FORMATTERS@", FORMATTERS)
            .replace("@VALUED@", VALUED)
            .replace("@ADMIN_WORDS@", String.join("|", valued()))
            .replace("@ADMIN@", String.join(" ", adminOptions()))
            .replace("@GLOBAL@", global()));
    return script.toString();
  }
}
