package io.harveymq.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where settings come from, and which of them win. */
class ConfigSourcesTest {
  private final Map<String, String> environment = new HashMap<>();

  @TempDir Path etc;

  private void file(String name, String content) throws IOException {
    Path file = etc.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private EffectiveConfig load(ConfigEntry... commandLine) throws ConfigException {
    return new ConfigSources(environment, etc).load(List.of(commandLine), null);
  }

  private static ConfigEntry option(String key, String value) {
    return new ConfigEntry(key, value, Source.COMMAND_LINE, "--option");
  }

  @Test
  void theFileOfTheDefaultPlaceIsReadThenConfDInOrder() throws Exception {
    file("rabbitmq.conf", "heartbeat = 1\nframe_max = 5\nchannel_max = 9");
    file("conf.d/20.conf", "heartbeat = 20\nframe_max = 20");
    file("conf.d/10.conf", "heartbeat = 10");
    file("conf.d/30.txt", "heartbeat = 30");

    EffectiveConfig config = load();

    assertThat(config.entry(ConfigKey.HEARTBEAT).value()).isEqualTo("20");
    assertThat(config.entry(ConfigKey.FRAME_MAX).place()).endsWith("conf.d/20.conf:2");
    assertThat(config.entry(ConfigKey.CHANNEL_MAX).place()).endsWith("rabbitmq.conf:3");
    assertThat(config.files()).hasSize(3);
  }

  @Test
  void withoutFilesAndVariablesTheDefaultsAreInForce() throws Exception {
    EffectiveConfig config = load();

    assertThat(config.all()).allMatch(entry -> entry.place().equals("default"));
    assertThat(config.notices().warnings()).isEmpty();
    assertThat(config.notices().remarks()).isEmpty();
  }

  @Test
  void theEnvironmentWinsOverTheFileForTheDefaultUserAndLosesForThePort() throws Exception {
    file("rabbitmq.conf", "default_user = f\ndefault_pass = f\nlisteners.tcp.1 = 127.0.0.1:1");
    environment.put("RABBITMQ_DEFAULT_USER", "e");
    environment.put("RABBITMQ_DEFAULT_VHOST", "e");
    environment.put("RABBITMQ_NODE_PORT", "2");

    EffectiveConfig config = load();

    assertThat(config.entry(ConfigKey.DEFAULT_USER).place()).isEqualTo("RABBITMQ_DEFAULT_USER");
    assertThat(config.entry(ConfigKey.DEFAULT_PASS).value()).isEqualTo("f");
    assertThat(config.entry(ConfigKey.DEFAULT_VHOST).value()).isEqualTo("e");
    assertThat(config.family(ConfigKey.LISTENERS_TCP))
        .extracting(ConfigEntry::value)
        .containsExactly("127.0.0.1:1");
  }

  @Test
  void theCommandLineWinsOverAll() throws Exception {
    file("rabbitmq.conf", "listeners.tcp.1 = 1\nlisteners.tcp.2 = 2\ndefault_user = f");
    environment.put("RABBITMQ_DEFAULT_USER", "e");

    EffectiveConfig config =
        load(option("listeners.tcp.default", "3"), option("default_user", "c"));

    assertThat(config.family(ConfigKey.LISTENERS_TCP))
        .extracting(ConfigEntry::value)
        .containsExactly("3");
    assertThat(config.entry(ConfigKey.DEFAULT_USER).value()).isEqualTo("c");
  }

  @Test
  void aNamedFileMayLackItsEndingAndHasItsOwnConfD() throws Exception {
    file("own/my.conf", "heartbeat = 1");
    file("own/conf.d/1.conf", "frame_max = 9");
    file("rabbitmq.conf", "channel_max = 3");
    environment.put("RABBITMQ_CONFIG_FILE", etc.resolve("own/my").toString());

    EffectiveConfig config = load();

    assertThat(config.entry(ConfigKey.HEARTBEAT).value()).isEqualTo("1");
    assertThat(config.entry(ConfigKey.FRAME_MAX).value()).isEqualTo("9");
    assertThat(config.entry(ConfigKey.CHANNEL_MAX).source()).isEqualTo(Source.DEFAULT);
  }

  @Test
  void furtherFilesMayBeADirectoryOrAPattern() throws Exception {
    file("more/a.conf", "heartbeat = 1");
    file("more/b.txt", "frame_max = 2");
    environment.put("RABBITMQ_CONFIG_FILES", etc.resolve("more").toString());
    assertThat(load().files()).hasSize(2);

    environment.put("RABBITMQ_CONFIG_FILES", etc.resolve("more/*.conf").toString());
    assertThat(load().files()).hasSize(1);
  }

  @Test
  void aPatternOfFurtherFilesMustBeOne() {
    environment.put("RABBITMQ_CONFIG_FILES", etc.resolve("more/[a.conf").toString());

    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("RABBITMQ_CONFIG_FILES has a pattern")
        .hasMessageContaining("'[a.conf'");
  }

  @Test
  void aFileOfTheCommandLineMustBeThere() {
    assertThatThrownBy(() -> ConfigSources.none().load(List.of(), "no/such.conf"))
        .hasMessage("--config: there is no file no/such.conf");
  }

  @Test
  void unknownKeysAreToldWithTheNearestKnownOne() throws Exception {
    file("rabbitmq.conf", "heart_beat = 5\nlisteners.tpc.default = 1\nsomething_else = 1");

    assertThat(load().notices().warnings())
        .satisfiesExactly(
            one -> assertThat(one).contains("rabbitmq.conf:1: heart_beat", "mean heartbeat?"),
            two -> assertThat(two).contains("mean listeners.tcp.default?"),
            three -> assertThat(three).contains("rabbitmq.conf:3").doesNotContain("did you mean"));
  }

  @Test
  void keysWithoutUseAreRemarkedNotWarnedOf() throws Exception {
    file(
        "rabbitmq.conf",
        "cluster_formation.peer_discovery_backend = k8s\nclassic_queue.default_version = 2\n"
            + "tcp_listen_options.backlog = 128\nmqtt.listeners.tcp.default = 1883");

    EffectiveConfig config = load();

    assertThat(config.notices().warnings()).isEmpty();
    assertThat(config.notices().remarks()).hasSize(4).allMatch(line -> line.contains("without"));
    assertThat(config.withoutEffect()).hasSize(4);
  }

  @Test
  void erlangTermsAreNotRead() throws Exception {
    file("advanced.config", "[{rabbit, []}].");

    assertThat(load().notices().warnings())
        .singleElement()
        .asString()
        .endsWith("advanced.config: Erlang terms are not read");
  }

  @Test
  void enabledPluginsAreRememberedAndTheUnknownOnesTold() throws Exception {
    file("enabled_plugins", "[rabbitmq_management,\n rabbitmq_event_exchange,rabbitmq_stomp].\n");

    EffectiveConfig config = load();

    assertThat(config.plugins())
        .containsExactly("rabbitmq_management", "rabbitmq_event_exchange", "rabbitmq_stomp");
    assertThat(config.entry(ConfigKey.EVENT_EXCHANGE).value()).isEqualTo("on");
    assertThat(config.notices().warnings())
        .singleElement()
        .asString()
        .endsWith("Harvey has nothing for the plugin rabbitmq_stomp");
  }

  @Test
  void whatTheContainerImageRefusesIsRefusedWithTheRemedy() {
    environment.put("RABBITMQ_VM_MEMORY_HIGH_WATERMARK", "0.4");
    environment.put("RABBITMQ_DEFAULT_PASS_FILE", "/run/secret");

    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith(
            "RABBITMQ_DEFAULT_PASS_FILE -> default_pass, RABBITMQ_VM_MEMORY_HIGH_WATERMARK ->"
                + " vm_memory_high_watermark.relative");
  }

  @Test
  void theArgumentsOfTheErlangMachineAreReadAsFarAsTheyMakeSense() throws Exception {
    environment.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
        "-rabbit loopback_users [] -rabbitmq_management load_definitions \"/d.json\" -rabbit"
            + " log_levels [{connection,error},{default,error}] -rabbit consumer_timeout 5 +S 2:2");

    EffectiveConfig config = load();

    assertThat(config.entry(ConfigKey.LOOPBACK_USERS).value()).isEqualTo("none");
    assertThat(config.entry(ConfigKey.MANAGEMENT_LOAD_DEFINITIONS).value()).isEqualTo("/d.json");
    assertThat(config.entry(ConfigKey.CONSUMER_TIMEOUT).value()).isEqualTo("5");
    assertThat(config.notices().warnings())
        .containsExactly(
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: without effect in Harvey: -rabbit log_levels"
                + " [{connection,error},{default,error}] +S 2:2");
  }

  @Test
  void loopbackUsersOfTheErlangMachineMayBeAList() throws Exception {
    environment.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-rabbit loopback_users [<<\"a\">>, \"b\"]");

    assertThat(load().entry(ConfigKey.LOOPBACK_USERS).value()).isEqualTo("a,b");
  }

  @Test
  void theDataDirectoryMayComeFromTheEnvironment() throws Exception {
    environment.put("RABBITMQ_MNESIA_BASE", "/data");
    environment.put("RABBITMQ_NODENAME", "hare@x");
    assertThat(load().entry(ConfigKey.DATA_DIR).value()).isEqualTo("/data/hare@x");

    environment.put("RABBITMQ_MNESIA_DIR", "/own");
    assertThat(load().entry(ConfigKey.DATA_DIR).value()).isEqualTo("/own");
  }

  @Test
  void theLogOfTheEnvironmentIsStandardOutputOrAFile() throws Exception {
    file("rabbitmq.conf", "log.console = false\nlog.file = f.log");
    environment.put("RABBITMQ_LOGS", "-");
    EffectiveConfig console = load();
    assertThat(console.entry(ConfigKey.LOG_CONSOLE).value()).isEqualTo("true");
    assertThat(console.entry(ConfigKey.LOG_FILE).value()).isEqualTo("false");

    environment.put("RABBITMQ_LOGS", "/x.log");
    environment.put("RABBITMQ_LOG", "debug,connection=error");
    EffectiveConfig file = load();
    assertThat(file.entry(ConfigKey.LOG_FILE).value()).isEqualTo("/x.log");
    assertThat(file.entry(ConfigKey.LOG_LEVEL).value()).isEqualTo("debug");
    assertThat(file.entry(ConfigKey.LOG_CONNECTION_LEVEL).value()).isEqualTo("error");
  }

  @Test
  void cookiesAreIgnoredSilently() throws Exception {
    environment.put("RABBITMQ_ERLANG_COOKIE", "secret");

    assertThat(load().notices().warnings()).isEmpty();
  }
}
