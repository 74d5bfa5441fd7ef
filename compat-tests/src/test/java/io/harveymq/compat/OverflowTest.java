package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Queues with a limit. Left out of the ordinary run until the broker has such limits. */
@Tag("later")
class OverflowTest extends CompatTest {

  @Test
  void fullQueueDropsItsOldestMessage() throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, false, Map.of("x-max-length", 2));
    fill(queue, "one", "two", "three");

    assertThat(drain(queue)).containsExactly("two", "three");
  }

  @Test
  void unacknowledgedMessagesDoNotCount() throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, false, false, false, Map.of("x-max-length", 1));
    fill(queue, "one");
    channel.basicGet(queue, false);
    fill(queue, "two");
    assertThat(drain(queue)).containsExactly("two");
  }

  @Test
  void messageThatTheQueueRejectsIsNacked() throws Exception {
    String queue = name("q");
    Map<String, Object> arguments = Map.of("x-max-length", 1, "x-overflow", "reject-publish");
    channel.queueDeclare(queue, false, false, false, arguments);
    channel.confirmSelect();
    channel.basicPublish("", queue, null, bytes("kept"));
    assertThat(channel.waitForConfirms(10_000)).isTrue();
    channel.basicPublish("", queue, null, bytes("rejected"));

    assertThat(channel.waitForConfirms(10_000)).isFalse();
    assertThat(drain(queue)).containsExactly("kept");
  }

  @Test
  void pikaReportsTheRefusal() throws Exception {
    PikaProgram.requirePika();
    assertThat(PikaProgram.run("refused.py")).containsExactly("confirmed", "refused");
  }
}
