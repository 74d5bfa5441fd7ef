package io.harveymq.compat.differential;

import io.harveymq.compat.FreePorts;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Debian's RabbitMQ as processes of their own: a node with everything that it writes in one
 * directory, on ports that were free, on loopback, and its port mapper. A module of ours in the
 * node tells when the node has nothing left to do. Confined to one thread.
 */
final class RabbitPeer implements Peer {
  private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
  private static final String ADVICE =
      " is not installed; Harvey is compared with it. On Debian: apt-get install -y"
          + " --no-install-recommends rabbitmq-server (and stop the service that it starts)";
  private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(90);

  private final int port = FreePorts.next();
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final Thread killer = new Thread(this::killAll, "killer of RabbitMQ");
  private final Set<LimitedUser> changed = new HashSet<>();
  private Socket quiet;
  private BufferedReader answers;

  private RabbitPeer(Path directory) throws IOException {
    this.directory = directory;
  }

  /** A node that serves, without any definition. */
  static RabbitPeer start() throws Exception {
    if (!Files.isExecutable(SERVER)) {
      throw new AssertionError("RabbitMQ (" + SERVER + ")" + ADVICE);
    }
    Path parent = Path.of(System.getProperty("basedir", "."), "target", "differential");
    Files.createDirectories(parent);
    RabbitPeer peer = new RabbitPeer(Files.createTempDirectory(parent.toAbsolutePath(), "node"));
    Runtime.getRuntime().addShutdownHook(peer.killer);
    try {
      peer.launch();
    } catch (Exception | AssertionError failure) {
      peer.killAll();
      throw failure;
    }
    return peer;
  }

  private void launch() throws Exception {
    Path helper = Path.of(System.getProperty("basedir", "."), "src/test/erlang/harvey_quiet.erl");
    Process compiler = run(Map.of(), "erlc", "-o", directory.toString(), helper.toString());
    if (compiler.waitFor() != 0) {
      throw new AssertionError("erlc failed: " + output());
    }
    Files.writeString(directory.resolve("plugins"), "[].");
    Files.writeString(
        directory.resolve("rabbitmq.conf"),
        "listeners.tcp.1 = 127.0.0.1:" + port + "\nlog.console = false\nlog.file.level = error\n");
    int mapperPort = FreePorts.next();
    Path quietFile = directory.resolve("quiet.port");
    processes.add(run(Map.of(), "epmd", "-port", "" + mapperPort, "-address", "127.0.0.1"));
    Map<String, String> environment =
        Map.ofEntries(
            Map.entry("HOME", directory.toString()),
            Map.entry("RABBITMQ_NODENAME", "differential" + port + "@localhost"),
            Map.entry("RABBITMQ_MNESIA_BASE", directory.resolve("mnesia").toString()),
            Map.entry("RABBITMQ_LOG_BASE", directory.resolve("log").toString()),
            Map.entry("RABBITMQ_CONFIG_FILE", directory.resolve("rabbitmq.conf").toString()),
            Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", directory.resolve("plugins").toString()),
            Map.entry("RABBITMQ_DIST_PORT", "" + FreePorts.next()),
            Map.entry(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "+S 1 +sbwt none -pa " + directory + " -s harvey_quiet"),
            Map.entry("HARVEY_QUIET_FILE", quietFile.toString()),
            Map.entry("ERL_EPMD_PORT", "" + mapperPort),
            Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"));
    processes.add(run(environment, SERVER.toString()));
    awaitStart(quietFile);
  }

  private Process run(Map<String, String> environment, String... command) throws IOException {
    File output = directory.resolve("output.log").toFile();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output));
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException missing) {
      throw new AssertionError(command[0] + ADVICE, missing);
    }
  }

  private void awaitStart(Path quietFile) throws Exception {
    long deadline = System.nanoTime() + START_LIMIT_NANOS;
    while (!isServing(quietFile)) {
      for (Process process : processes) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new AssertionError("RabbitMQ did not start: " + output());
        }
      }
      processes.get(0).waitFor(50, TimeUnit.MILLISECONDS);
    }
    quiet.setTcpNoDelay(true);
    quiet.setSoTimeout(30_000);
    answers =
        new BufferedReader(new InputStreamReader(quiet.getInputStream(), StandardCharsets.UTF_8));
    demand("vhost " + Client.OTHER_VHOST + " guest");
    for (LimitedUser user : LimitedUser.ALL) {
      demand("user " + user.name());
      setPermissions(user);
    }
  }

  private void setPermissions(LimitedUser user) throws IOException {
    for (Step step : PermissionStep.initial(user)) {
      demand(PermissionStep.question(step));
    }
  }

  private boolean isServing(Path quietFile) {
    try {
      if (quiet == null) {
        int quietPort = Integer.parseInt(Files.readString(quietFile));
        quiet = new Socket(InetAddress.getLoopbackAddress(), quietPort);
      }
      WireConnection.open(port, "guest", "/", false).close();
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private String output() throws IOException {
    return Files.readString(directory.resolve("output.log"));
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void settle(int connections) throws IOException {
    demand("quiet " + connections);
  }

  @Override
  public void clean() throws IOException {
    demand("quiet 0");
    for (LimitedUser user : changed) {
      demand("clear-topic-permissions " + user.name());
      setPermissions(user);
    }
    changed.clear();
    demand("clean");
    demand("quiet 0");
  }

  @Override
  public String administer(Step step) throws IOException {
    if (PermissionStep.is(step)) {
      changed.add(LimitedUser.named(step.get("user", "")));
      return ask(PermissionStep.question(step));
    }
    return ask(PolicyStep.question(step)).replaceFirst("^Validation failed *", "").trim();
  }

  private void demand(String question) throws IOException {
    String answer = ask(question);
    if (!"ok".equals(answer)) {
      throw new IOException("the answer to '" + question + "' is: " + answer);
    }
  }

  private String ask(String question) throws IOException {
    quiet.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
    return String.valueOf(answers.readLine());
  }

  private void killAll() {
    processes.stream()
        .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle())))
        .toList()
        .forEach(ProcessHandle::destroyForcibly);
  }

  /** Kills the node and its port mapper, and removes the directory. */
  @Override
  public void close() throws IOException {
    List<ProcessHandle> all =
        processes.stream()
            .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle())))
            .toList();
    quiet.close();
    killAll();
    all.forEach(process -> process.onExit().join());
    Runtime.getRuntime().removeShutdownHook(killer);
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }

  @Override
  public String toString() {
    return "RabbitMQ";
  }
}
