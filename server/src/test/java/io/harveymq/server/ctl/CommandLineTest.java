package io.harveymq.server.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  private static CommandLine parse(String... words) throws Exception {
    return CommandLine.parse(Tool.CTL, CommandTable.complete(), List.of(words));
  }

  @Test
  void optionsMayBeAnywhere() throws Exception {
    CommandLine line = parse("-p", "v", "-q", "list_queues", "name", "-t", "5", "messages");
    assertThat(line.command()).isEqualTo("list_queues");
    assertThat(line.arguments()).containsExactly("name", "messages");
    assertThat(line.option("vhost", "/")).isEqualTo("v");
    assertThat(line.option("timeout", "")).isEqualTo("5");
    assertThat(line.isQuiet()).isTrue();
  }

  @Test
  void valuesMayStandBehindAnEqualsSign() throws Exception {
    CommandLine line = parse("list_queues", "--formatter=json", "--vhost=a=b");
    assertThat(line.option("formatter", "")).isEqualTo("json");
    assertThat(line.option("vhost", "")).isEqualTo("a=b");
  }

  @Test
  void lettersMeanWhatTheCommandSays() throws Exception {
    assertThat(parse("delete_queue", "q", "-e", "-u").options())
        .containsKeys("if-empty", "if-unused");
    assertThat(parse("list_queues", "-e").unknown()).containsExactly("-e");
  }

  @Test
  void negativeNumbersAndADashAreNoOptions() throws Exception {
    assertThat(parse("set_vm_memory_high_watermark", "-0.1").arguments()).containsExactly("-0.1");
    assertThat(parse("export_definitions", "-").arguments()).containsExactly("-");
    assertThat(parse("add_user", "--", "-x", "-y").arguments()).containsExactly("-x", "-y");
  }

  @Test
  void anOptionNeedsItsValue() throws Exception {
    assertThat(parse("list_queues", "--vhost").unknown()).containsExactly("--vhost");
  }

  @Test
  void usageTellsHowManyArgumentsThereAre() {
    CommandTable table = CommandTable.complete();
    CtlCommand policy = table.find(Tool.CTL, "set_policy");
    assertThat(policy.leastArguments()).isEqualTo(3);
    assertThat(policy.mostArguments()).isEqualTo(3);
    assertThat(policy.options().keySet()).containsExactly("vhost", "priority", "apply-to");
    CtlCommand queues = table.find(Tool.CTL, "list_queues");
    assertThat(queues.leastArguments()).isZero();
    assertThat(queues.mostArguments()).isEqualTo(Integer.MAX_VALUE);
    CtlCommand user = table.find(Tool.CTL, "add_user");
    assertThat(user.leastArguments()).isEqualTo(1);
    assertThat(user.mostArguments()).isEqualTo(2);
  }
}
