package io.harveymq.server;

import io.harveymq.server.admin.Admin;
import io.harveymq.server.config.ConfigException;
import io.harveymq.server.config.ConfigSources;
import io.harveymq.server.config.UsageException;
import io.harveymq.server.ctl.CompletionCommand;
import io.harveymq.server.ctl.Ctl;
import io.harveymq.server.http.HttpCall;
import io.harveymq.server.log.LogProvider;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The program. Understands {@code harvey [server] [options]}, {@code harvey config}, {@code harvey
 * store}, {@code harvey tls}, {@code harvey ctl} and its like, {@code harvey admin}, {@code harvey
 * completion}, and {@code harvey train}, which only the start script uses. The main thread starts
 * the broker and then waits; the end comes through {@link Shutdown}.
 */
public final class Harvey {
  private static final long MAIN_NANOS = System.nanoTime();

  /** All went well. */
  static final int OK = 0;

  /** The broker could not start. */
  static final int FAILED = 1;

  /** The command line was wrong. */
  static final int USAGE = 2;

  private static final String HELP =
      """
      Harvey, an AMQP 0-9-1 broker that works like RabbitMQ.

      Usage: harvey [server] [options]
             harvey config show [options]    (what is in force, and where from)
             harvey store ACTION [options]   (a data directory; see store --help)
             harvey tls dev [options]        (certificates for development)
             harvey ctl COMMAND [options]    (rabbitmqctl; see ctl help)
             harvey diagnostics | plugins    (rabbitmq-diagnostics, rabbitmq-plugins)
             harvey admin SUBCOMMAND         (rabbitmqadmin; see admin help)
             harvey completion bash|zsh      (completion for the shell)

      Options, with [defaults]:
      %s
        -h, --help             print this help
        -V, --version          print the versions of Harvey and Java

      Environment:
        JAVA_HOME              the Java to run on, 17 or newer (else the one in PATH)
        HARVEY_JAVA_OPTS       more options for the JVM, such as -Xmx2g
        HARVEY_ARCHIVE         'off' starts without the class-data archive
        RABBITMQ_...           CONFIG_FILE, DEFAULT_USER, NODE_PORT and others as with
                               RabbitMQ; see config --help

      Examples:
        harvey                                  every interface, port 5672
        harvey --amqp-port 0 --bind 127.0.0.1   a free port, this machine only
      """;

  private final PrintStream out;
  private final PrintStream err;
  private final ConfigSources sources;

  /**
   * @param out for what was asked for: help, version
   * @param err for what went wrong, one line
   * @param sources what there is besides the command line
   */
  Harvey(PrintStream out, PrintStream err, ConfigSources sources) {
    this.out = out;
    this.err = err;
    this.sources = sources;
  }

  /**
   * Milliseconds since this program began; what the JVM and the scripts took before is not in it.
   */
  static long millisSinceMain() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - MAIN_NANOS);
  }

  /** Runs the command line; with a started broker, until the process is told to end. */
  public static void main(String... args) throws InterruptedException {
    // Without the first, slf4j looks into every jar for one; without the second, it prints that.
    System.setProperty("slf4j.provider", LogProvider.class.getName());
    System.setProperty("slf4j.internal.verbosity", "WARN");
    System.exit(new Harvey(System.out, System.err, ConfigSources.ofThisProcess()).run(args));
  }

  /** What the shell completes behind each word but those of RabbitMQ's tools. */
  static Map<String, String> completed() {
    String flags = ServerOption.flags();
    return Map.of(
        "server", flags + " --help --version",
        "config", "show check --formatter --help " + flags,
        "store", StoreRequest.words() + " --help",
        "tls", "dev " + TlsCommand.options() + " --help",
        "completion", "bash zsh");
  }

  /**
   * Runs one command line. With a started broker it does not return before the process ends.
   *
   * @return the exit status: 0 done, 1 the broker could not start, 2 the command line was wrong
   */
  int run(String... args) throws InterruptedException {
    if (args.length > 0 && args[0].equals("store")) {
      return new StoreCommand(out, err).run(List.of(args).subList(1, args.length));
    }
    if (args.length > 0 && args[0].equals("tls")) {
      return new TlsCommand(out, err).run(List.of(args).subList(1, args.length));
    }
    if (args.length > 0 && args[0].equals("config")) {
      return new ConfigCommand(out, err, sources).run(List.of(args).subList(1, args.length));
    }
    if (args.length > 0 && Ctl.isTool(args[0])) {
      HttpCall.prepare();
      Ctl ctl = new Ctl(out, err, new DataDirectory(sources));
      return ctl.run(args[0], List.of(args).subList(1, args.length));
    }
    if (args.length > 0 && args[0].equals("admin")) {
      HttpCall.prepare();
      return new Admin(out, err, System.in, System.getenv())
          .run(List.of(args).subList(1, args.length));
    }
    if (args.length > 0 && args[0].equals("completion")) {
      return new CompletionCommand(out, err, completed())
          .run(List.of(args).subList(1, args.length));
    }
    Set<String> words = Set.copyOf(Arrays.asList(args));
    if (words.contains("-h") || words.contains("--help")) {
      out.print(HELP.formatted(ServerOption.help()));
      return OK;
    }
    if (words.contains("-V") || words.contains("--version")) {
      out.println("Harvey " + Version.harvey() + " (Java " + Version.java() + ")");
      return OK;
    }
    try {
      if (words.equals(Set.of("train"))) {
        Training.run();
        return OK;
      }
      boolean named = args.length > 0 && args[0].equals("server");
      return serve(
          ServerSettings.of(sources, named ? Arrays.copyOfRange(args, 1, args.length) : args));
    } catch (ConfigException e) {
      err.println("harvey: " + e.getMessage());
      return FAILED;
    } catch (UsageException e) {
      err.println("harvey: " + e.getMessage() + "; try 'harvey --help'");
      return USAGE;
    } catch (StartException e) {
      err.println("harvey: " + e.getMessage());
      return FAILED;
    }
  }

  private static int serve(ServerSettings settings) throws StartException, InterruptedException {
    BrokerStart.configure(settings.log());
    Running running = BrokerStart.start(settings, true);
    Runtime.getRuntime().addShutdownHook(new Shutdown(running));
    BrokerStart.tellComplete(running);
    CountDownLatch failed = new CountDownLatch(1);
    running.broker().failure().thenRun(failed::countDown);
    failed.await();
    // What is wrong is in the log; an orderly end could only lose more.
    Runtime.getRuntime().halt(FAILED);
    return FAILED;
  }
}
