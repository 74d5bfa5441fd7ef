package io.harveymq.server.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tools say without a broker. */
class CtlTest {
  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String tool, String... words) {
    Ctl ctl =
        new Ctl(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            (dataDir, config) -> new Locator.Place(directory, true));
    return ctl.run(tool, List.of(words));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void saysWhatIsMissingWithTheUsage() {
    assertThat(run("ctl", "set_permissions", "bob")).isEqualTo(64);
    assertThat(err())
        .isEqualTo(
            """
            Error (argument validation): not enough arguments.
            Arguments given:
            \tset_permissions bob

            Usage

            rabbitmqctl [--node <node>] [--longnames] [--quiet] set_permissions [--vhost <vhost>]\
             <username> <conf> <write> <read>
            """);
    assertThat(out()).isEmpty();
  }

  @Test
  void refusesTooManyArguments() {
    assertThat(run("ctl", "list_users", "extra")).isEqualTo(64);
    assertThat(err()).startsWith("Error (argument validation): too many arguments.");
  }

  @Test
  void refusesOptionsOfOtherCommands() {
    assertThat(run("ctl", "list_users", "--if-empty")).isEqualTo(64);
    assertThat(err()).contains("Invalid options for this command:\n--if-empty : ");
  }

  @Test
  void refusesATimeoutThatIsNoNumber() {
    assertThat(run("ctl", "list_queues", "--timeout", "abc")).isEqualTo(64);
    assertThat(err()).contains("--timeout : abc");
  }

  @Test
  void refusesColumnsThatThereAreNot() {
    assertThat(run("ctl", "list_queues", "name", "nosuch", "other")).isEqualTo(64);
    assertThat(err()).contains("Info key(s) nosuch,other are not supported");
  }

  @Test
  void suggestsACommandOfAlikeName() {
    assertThat(run("ctl", "list_queue")).isEqualTo(64);
    assertThat(err()).contains("Command 'list_queue' not found.", "Did you mean 'list_queues'?");
  }

  @Test
  void doesNotHaveCommandsOfAnotherTool() {
    assertThat(run("diagnostics", "add_user", "x", "y")).isEqualTo(64);
    assertThat(err()).contains("Command 'add_user' not found.");
  }

  @Test
  void showsAllCommandsWithoutOne() {
    assertThat(run("ctl")).isEqualTo(64);
    assertThat(err()).contains("Available commands:", "   await_startup  ");
  }

  @Test
  void helpsWithOneCommand() {
    assertThat(run("ctl", "help", "add_user")).isZero();
    assertThat(out()).contains("add_user <username> [<password>]", "General options");
    assertThat(run("ctl", "help", "nosuch")).isEqualTo(64);
  }

  @Test
  void saysWhereItLookedWhenNoBrokerRuns() {
    assertThat(run("ctl", "list_users")).isEqualTo(69);
    assertThat(err())
        .startsWith("Error: unable to perform an operation on node 'rabbit'.")
        .contains("there is no file " + directory.resolve("control"));
  }

  @Test
  void saysThatABrokerIsGoneThatLeftItsFile() throws Exception {
    new ControlFile("http://127.0.0.1:1/", "Bearer x", "rabbit@here", 1)
        .write(directory.resolve("control"));
    assertThat(run("diagnostics", "check_running")).isEqualTo(69);
    assertThat(err()).contains("on node 'rabbit@here'", "127.0.0.1:1");
  }

  @Test
  void doesNotTakeABrokerOfAnotherNameForTheOneThatIsMeant() throws Exception {
    new ControlFile("http://127.0.0.1:1/", "Bearer x", "rabbit@here", 1)
        .write(directory.resolve("control"));
    assertThat(run("ctl", "-n", "hare@here", "list_users")).isEqualTo(69);
    assertThat(err()).contains("on node 'hare@here'", "is rabbit@here");
  }

  @Test
  void givesUpWaitingForABroker() {
    assertThat(run("ctl", "await_startup", "-t", "0")).isEqualTo(75);
    assertThat(err()).contains("Error: operation await_startup timed out.");
  }

  @Test
  void refusesToRunErlang() {
    assertThat(run("ctl", "eval", "1 + 1.")).isEqualTo(69);
    assertThat(err()).contains("Harvey runs no Erlang");
  }

  @Test
  void enablesPluginsBeforeABrokerRuns() {
    assertThat(run("plugins", "enable", "--offline", "rabbitmq_management", "rabbitmq_shovel"))
        .isZero();
    assertThat(out())
        .contains(
            "The following plugins have been configured:",
            "rabbitmq_management: Harvey does that anyway.",
            "rabbitmq_shovel: Harvey has nothing for it");
    assertThat(run("plugins", "enable", "nosuch")).isEqualTo(70);
    assertThat(err()).contains("{:plugins_not_found, [:nosuch]}");
  }

  @Test
  void completesEveryCommand() {
    CompletionCommand completion = new CompletionCommand(System.out, System.err, Map.of());
    CommandTable table = CommandTable.complete();
    for (Tool tool : Tool.values()) {
      for (CtlCommand command : table.of(tool)) {
        assertThat(completion.bash()).containsPattern("[ \"]" + command.name() + "[ \"]");
        assertThat(completion.zsh()).contains("'" + command.name() + ":");
      }
    }
  }

  @Test
  void eachCommandIsThereOnce() {
    CommandTable table = CommandTable.complete();
    for (Tool tool : Tool.values()) {
      assertThat(table.of(tool)).extracting(CtlCommand::name).doesNotHaveDuplicates();
      assertThat(table.of(tool))
          .allMatch(command -> command.leastArguments() <= command.mostArguments());
    }
  }

  @Test
  void writesTheControlFileForItsOwnerAlone() throws Exception {
    Path file = directory.resolve("control");
    ControlFile control = ControlFile.ofThisProcess("http://127.0.0.1:1/", "secret", "rabbit@x");
    control.write(file);
    control.write(file);
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    assertThat(ControlFile.read(file)).isEqualTo(control);
    assertThat(control.toString()).doesNotContain("secret");
    ControlFile.ofThisProcess("http://127.0.0.1:1/", "other", "rabbit@x").remove(file);
    assertThat(file).exists();
    control.remove(file);
    assertThat(file).doesNotExist();
  }

  @Test
  void readsAUri() throws Exception {
    ControlFile control = ControlFile.ofUri("http://bob:pw@host:15672", null);
    assertThat(control.uri()).isEqualTo("http://host:15672/");
    assertThat(control.authorization()).isEqualTo("Basic Ym9iOnB3");
    assertThat(ControlFile.ofUri("https://host/prefix/", null).uri())
        .isEqualTo("https://host/prefix/");
  }

  @Test
  void knowsANodeByItsShortName() {
    assertThat(Locator.isNamed("rabbit@host", "rabbit@host")).isTrue();
    assertThat(Locator.isNamed("rabbit@host", "rabbit")).isTrue();
    assertThat(Locator.isNamed("rabbit@host", "rabbit@host.example.com")).isTrue();
    assertThat(Locator.isNamed("rabbit@host.example.com", "rabbit@host")).isTrue();
    assertThat(Locator.isNamed("rabbit@host", "rab")).isFalse();
    assertThat(Locator.isNamed("rabbit@host", "rabbit@other")).isFalse();
  }

  @Test
  void findsTheYoungestBrokerThatRuns() throws Exception {
    RuntimeDirectory runtime =
        new RuntimeDirectory(directory.resolve("runtime"), System.getProperty("user.name"));
    ControlFile gone = new ControlFile("http://127.0.0.1:1/", "Bearer x", "a@x", Long.MAX_VALUE);
    ControlFile here = ControlFile.ofThisProcess("http://127.0.0.1:2/", "y", "b@x");
    here.write(runtime.place(here));
    gone.write(runtime.place(gone));
    assertThat(runtime.all()).containsExactly(here);
    assertThat(runtime.place(here)).exists();
    assertThat(runtime.place(gone)).doesNotExist();
  }

  @Test
  void rootInAContainerFindsTheBrokerOfItsUserAndNobodyElses() throws Exception {
    String user = System.getProperty("user.name");
    RuntimeDirectory none = new RuntimeDirectory(directory.resolve("none"), "root");
    ControlFile here = ControlFile.ofThisProcess("http://127.0.0.1:2/", "y", "b@x");
    RuntimeDirectory ofUser = new RuntimeDirectory(directory.resolve("harvey-" + user), user);
    here.write(ofUser.place(here));

    assertThat(RuntimeDirectory.ofTools(none, "root", user, directory))
        .hasSize(2)
        .flatExtracting(RuntimeDirectory::all)
        .containsExactly(here);
    assertThat(RuntimeDirectory.ofTools(none, "somebody", user, directory)).containsExactly(none);
    assertThat(RuntimeDirectory.ofTools(none, "root", null, directory)).containsExactly(none);
    assertThat(new RuntimeDirectory(directory.resolve("harvey-" + user), "another").all())
        .isEmpty();
  }
}
