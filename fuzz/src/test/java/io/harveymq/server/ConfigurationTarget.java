package io.harveymq.server;

import io.harveymq.fuzz.Choices;
import io.harveymq.server.config.ConfigSources;
import io.harveymq.server.config.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Configuration: {@code rabbitmq.conf}, a file of {@code conf.d}, {@code enabled_plugins} and the
 * environment. It is understood or refused with a sentence; what is in force can be shown, and no
 * password is.
 */
public final class ConfigurationTarget {
  private static final String SECRET = "tiger-7";
  private static final String[] VARIABLES = {
    "RABBITMQ_DEFAULT_USER",
    "RABBITMQ_DEFAULT_PASS",
    "RABBITMQ_DEFAULT_VHOST",
    "RABBITMQ_NODENAME",
    "RABBITMQ_NODE_PORT",
    "RABBITMQ_NODE_IP_ADDRESS",
    "RABBITMQ_LOGS",
    "RABBITMQ_LOG",
    "RABBITMQ_LOG_BASE",
    "RABBITMQ_MNESIA_BASE",
    "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
    "RABBITMQ_CONFIG_FILES",
    "RABBITMQ_USE_LONGNAME",
    "RABBITMQ_ERLANG_COOKIE",
    "RABBITMQ_HIPE_COMPILE",
    "RABBITMQ_VM_MEMORY_HIGH_WATERMARK"
  };

  private static Path etc;

  private ConfigurationTarget() {}

  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    if (new String(input, StandardCharsets.ISO_8859_1).contains(SECRET)) {
      return; // it may stand where no password does, in a key
    }
    Choices choices = new Choices(input);
    Path folder = folder();
    Map<String, String> environment = new TreeMap<>();
    for (int count = choices.below(4); count > 0; count--) {
      environment.put(choices.of(VARIABLES), choices.text(60));
    }
    Path more = folder.resolve("conf.d").resolve("10.conf");
    write(more, choices.flag() ? choices.some() : null);
    write(folder.resolve("enabled_plugins"), choices.flag() ? choices.some() : null);
    write(folder.resolve("rabbitmq.conf"), choices.rest());
    ConfigSources sources = new ConfigSources(environment, folder);
    try {
      ServerSettings.of(sources);
    } catch (UsageException refused) {
      if (refused.getMessage() == null || refused.getMessage().isBlank()) {
        throw new AssertionError("refused without a word", refused);
      }
    }
    show(sources, "table");
    show(sources, "json");
    // what is said last counts, so the password is this one
    Files.writeString(more, "default_pass = " + SECRET + "\n");
    if (!environment.containsKey("RABBITMQ_DEFAULT_PASS")) {
      show(sources, "table");
    }
  }

  private static void show(ConfigSources sources, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      new ConfigCommand(out, out, sources).run(List.of("show", "--formatter", format));
    }
    String shown = bytes.toString(StandardCharsets.UTF_8);
    if (shown.isEmpty()) {
      throw new AssertionError("nothing is shown");
    }
    if (shown.contains(SECRET)) {
      throw new AssertionError("the password is shown: " + shown);
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    if (content == null) {
      Files.deleteIfExists(file);
    } else {
      Files.write(file, content);
    }
  }

  private static Path folder() throws IOException {
    if (etc == null) {
      // Below the working directory: a process that is fuzzed ends without its hooks.
      etc = Path.of("target", "fuzz-etc").toAbsolutePath();
      Files.createDirectories(etc.resolve("conf.d"));
    }
    return etc;
  }
}
