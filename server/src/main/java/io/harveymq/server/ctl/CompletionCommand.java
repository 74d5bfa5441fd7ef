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
import java.util.function.Function;
import java.util.stream.Collectors;
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
        local tool command kind i word words valued=
        local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
        COMPREPLY=()
        # bash takes option=value for three words
        if [ "$current" = "=" ]; then
          current= valued=1
        elif [ "$before" = "=" ]; then
          before=${COMP_WORDS[COMP_CWORD - 2]} valued=1
        fi
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
        case $tool:$before in
          admin:-f|admin:--format) words="@ADMIN_FORMATS@" ;;
          admin:*) words= ;;
          *:--formatter) words="@FORMATTERS@" ;;
        esac
        if [ -n "$words" ]; then
          COMPREPLY=($(compgen -W "$words" -- "$current"))
          return
        fi
        if [ -n "$valued" ]; then return; fi
        case $tool in -*) tool=server ;; esac
        case $tool in
          ctl|diagnostics|plugins|admin) ;;
          *) case $before,$current in
               *,-*) ;;
               -*,*) return ;;
             esac
             if [ "$COMP_CWORD" -gt "$i" ]; then command=${COMP_WORDS[i]}; fi
             case $command,$current in
               -*) command= ;;
               ?*,-*|,*) ;;
               *) return ;;
             esac
             COMPREPLY=($(compgen -W "$(_harvey_words "$tool" "$command")" -- "$current"))
             return ;;
        esac
        while [ "$i" -lt "$COMP_CWORD" ]; do
          word=${COMP_WORDS[i]}
          case $tool:$word in
            @ADMIN_VALUED@|*:@OTHER_VALUED@)
              if [ "${COMP_WORDS[i + 1]}" = "=" ]; then i=$((i + 1)); fi
              i=$((i + 1))
              if [ "$i" -eq "$COMP_CWORD" ]; then return; fi ;;
            *:-*) ;;
            *) if [ -n "$command" ]; then kind=$word; break; fi
               command=$word ;;
          esac
          i=$((i + 1))
        done
        if [ "$tool:$command" != admin:help ] && [ "$command" = help ]; then command= kind=; fi
        words="$(_harvey_words "$tool" "$command" "$kind")"
        case $tool:$current in
          admin:-*) words="@ADMIN@" ;;
          *:-*) words="$words @GLOBAL@" ;;
        esac
        words=" $words "
        if [ "$tool" = admin ]; then
          for word in "${COMP_WORDS[@]:0:COMP_CWORD}"; do words=${words/" ${word%%=*}= "/ }; done
        fi
        COMPREPLY=($(compgen -W "$words" -- "$current"))
        case ${COMPREPLY[0]} in *=) compopt -o nospace 2> /dev/null ;; esac
      }
      complete -o default -F _harvey harvey @PROGRAMS@
      """;

  private static final String ZSH =
      """
      # Goes on to the next word that is neither an option nor the value of one.
      _harvey_skip() {
        while (( at < CURRENT )) && [[ ${words[at]} == -* ]]; do
          if [[ ${words[at]} == (${~valued}) ]]; then
            (( at += 2 ))
          else
            (( at++ ))
          fi
        done
      }
      _harvey() {
        local -a words_of_harvey=(@WORDS@)
        local -a options=(@GLOBAL@)
        local -A actions=(@ACTIONS@ )
        local -A flags=(@FLAGS@ )
        local -A kinds=(@KINDS@ )
        local -A named=(@ARGUMENTS@ )
        local -A own=(@OWN@ )
        local -a given
        local tool command before=${words[CURRENT - 1]} valued="@VALUED@"
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
            compadd -- ${=flags[server]}
          fi
          return
        fi
        if [[ $tool == -* ]]; then
          tool=server
        fi
        if [[ $tool == admin ]]; then
          options=(@ADMIN@)
          valued="@ADMIN_WORDS@"
        fi
        if [[ $tool == admin && $before == (-f|--format) ]]; then
          compadd @ADMIN_FORMATS@
          return
        elif [[ $tool != admin && $before == --formatter ]]; then
          compadd @FORMATTERS@
          return
        fi
        if (( $+flags[$tool] )); then
          if [[ ${words[CURRENT]} == -* ]]; then
            compadd -- ${=flags[$tool]}
          elif [[ $before == -* ]]; then
            _files
          elif (( CURRENT == at )); then
            compadd -- ${=actions[$tool]} ${=flags[$tool]}
          else
            _files
          fi
          return
        fi
        if [[ $before == (${~valued}) ]]; then
          _files
          return
        fi
        _harvey_skip
        if (( CURRENT > at )); then
          command=${words[at]}
        fi
        if [[ ${words[CURRENT]} == -* ]]; then
          compadd -- $options ${=own[$tool:$command]}
        elif (( CURRENT == at && $+functions[_harvey_$tool] )); then
          _harvey_$tool
        elif [[ $tool != admin ]]; then
          _files
        elif (( CURRENT == at )); then
          compadd @ADMIN_ACTIONS@
        else
          (( at++ ))
          _harvey_skip
          if (( $+kinds[$command] )); then
            if (( CURRENT <= at )); then
              compadd -- ${=kinds[$command]}
              return
            fi
            command+=:${words[at]}
          fi
          if (( $+named[$command] )) && [[ ${words[CURRENT]} != *=* ]]; then
            given=(${words[1,CURRENT - 1]%%=*})
            compadd -S = -- ${${=named[$command]}:|given}
          else
            _files
          fi
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
        (word, words) ->
            script.append(
                "    %s) if [ -z \"$2\" ]; then echo \"%s\"; else echo \"%s\"; fi ;;%n"
                    .formatted(word, words, flags(words))));
    script.append("    admin)\n      case $2:$3 in\n");
    ADMIN.forEach(
        (word, kinds) ->
            script.append(
                "        %s:) echo \"%s\" ;;%n".formatted(word, String.join(" ", kinds))));
    Subcommands.arguments()
        .forEach(
            (before, names) ->
                script.append(
                    "        %s) echo \"%s=\" ;;%n"
                        .formatted(
                            before.contains(":") ? before : before + ":*",
                            String.join("= ", names))));
    script.append(
        "        :) echo \"%s\" ;;%n      esac ;;%n"
            .formatted(String.join(" ", Subcommands.actions())));
    script.append("  esac\n}\n\n");
    script.append(
        BASH.replace("@WORDS@", WORDS)
            .replace("@PROGRAMS@", PROGRAMS)
            .replace("@FORMATTERS@", FORMATTERS)
            .replace("@ADMIN_FORMATS@", Subcommands.formats())
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

  /** Those of some words that are options. */
  private static String flags(String words) {
    return words(words, true);
  }

  private static String words(String words, boolean flags) {
    return Stream.of(words.split(" "))
        .filter(word -> word.startsWith("-") == flags)
        .collect(Collectors.joining(" "));
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
    Map<String, String> own = new TreeMap<>();
    for (Tool tool : Tool.values()) {
      for (CtlCommand command : table.of(tool)) {
        own.put(tool.word() + ":" + command.name(), options(command));
      }
    }
    own.values().removeIf(String::isEmpty);
    script.append(
        ZSH.replace("@WORDS@", WORDS)
            .replace("@ACTIONS@", pairs(others, words -> words(words, false)))
            .replace("@FLAGS@", pairs(others, CompletionCommand::flags))
            .replace("@KINDS@", pairs(ADMIN, kinds -> String.join(" ", kinds)))
            .replace(
                "@ARGUMENTS@", pairs(Subcommands.arguments(), names -> String.join(" ", names)))
            .replace("@OWN@", pairs(own, options -> options))
            .replace("@FORMATTERS@", FORMATTERS)
            .replace("@ADMIN_FORMATS@", Subcommands.formats())
            .replace("@ADMIN_ACTIONS@", String.join(" ", Subcommands.actions()))
            .replace("@VALUED@", VALUED)
            .replace("@ADMIN_WORDS@", String.join("|", valued()))
            .replace("@ADMIN@", String.join(" ", adminOptions()))
            .replace("@GLOBAL@", global()));
    return script.toString();
  }

  /** An associative array's keys and values. */
  private static <T> String pairs(Map<String, T> map, Function<T, String> words) {
    StringBuilder pairs = new StringBuilder();
    map.forEach((key, value) -> pairs.append(" %s '%s'".formatted(key, words.apply(value))));
    return pairs.toString();
  }
}
