package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** Getting messages as RabbitMQ's page does, with its ack modes. */
class PageGetTest extends PageTest {
  private static final By GOT = By.cssSelector(".slide details");

  private void open(String queue) {
    page.enter("#/queues/%2F/" + queue);
    page.act("Get messages…");
    page.awaitText(By.cssSelector(".slide h2"), "Get messages of " + queue);
  }

  private void mode(String label) {
    page.click(By.xpath("//aside//option[.='" + label + "']"));
  }

  @Test
  void messageThatIsRequeuedIsShownAndStaysMarkedRedelivered() throws Exception {
    String queue = newQueue();
    fill(queue, "first", "second");
    open(queue);
    page.awaitText(By.cssSelector(".slide"), "marked redelivered");
    page.click(Page.submit());
    page.awaitText(GOT, "first");
    page.awaitText(By.cssSelector(".slide"), "1 message, 1 more message is ready");
    assertThat(channel.basicGet(queue, true).getEnvelope().isRedeliver()).isTrue();
  }

  @Test
  void messageThatIsAcknowledgedIsTakenOnlyAfterAYes() throws Exception {
    String queue = newQueue();
    fill(queue, "first", "second");
    open(queue);
    mode("Automatic ack");
    page.click(Page.submit());
    page.awaitText(By.cssSelector("dialog[open]"), "gone from the queue");
    page.click(Page.button("Keep messages"));
    page.awaitGone(By.cssSelector("dialog[open]"));
    assertThat(channel.messageCount(queue)).isEqualTo(2);
    page.click(Page.submit());
    page.click(Page.button("Take messages off"));
    page.awaitText(GOT, "first");
    assertThat(channel.messageCount(queue)).isEqualTo(1);
  }

  @Test
  void toTakeMoreThanAHundredTheNameIsTyped() throws Exception {
    String queue = newQueue();
    fill(queue, "first");
    open(queue);
    mode("Automatic ack");
    for (String wrong : List.of("1.5", "501")) {
      page.type(Page.field("Messages"), wrong);
      page.awaitText(By.cssSelector(".slide"), "A whole number from 1 to 500");
      assertThat(page.find(Page.submit()).isEnabled()).isFalse();
    }
    page.type(Page.field("Messages"), "101");
    page.click(Page.submit());
    By take = Page.button("Take messages off");
    assertThat(page.find(take).isEnabled()).isFalse();
    page.type(By.id("typed"), queue);
    page.click(take);
    page.awaitText(GOT, "first");
    assertThat(channel.messageCount(queue)).isZero();
  }

  /** What the first message that was got has when it is unfolded. */
  private String unfolded() {
    page.click(By.cssSelector(".slide details summary"));
    return page.await(
        "its text", d -> d.findElement(By.cssSelector(".slide details pre")).getText());
  }

  @Test
  void largePayloadsAreWholeOrSaidToBeCut() throws Exception {
    String queue = newQueue();
    String large = "x".repeat(200_000) + "the end";
    fill(queue, large);
    open(queue);
    page.click(Page.submit());
    page.awaitText(GOT, "xxx");
    assertThat(unfolded()).contains("the end").contains("\"payload_bytes\": 200007");
    page.type(Page.field("Messages"), "500");
    page.click(Page.submit());
    page.awaitText(By.cssSelector(".slide"), "Large payloads are cut here");
    assertThat(unfolded()).doesNotContain("the end");
    page.awaitText(GOT, "49 KiB of 195 KiB are here. Messages shows all of it.");
    mode("Automatic ack");
    page.click(Page.submit());
    page.type(By.id("typed"), queue);
    page.click(Page.button("Take messages off"));
    page.awaitGone(By.xpath("//*[contains(., 'Large payloads are cut here')]"));
    assertThat(unfolded()).contains("the end");
    assertThat(channel.messageCount(queue)).isZero();
  }

  @Test
  void messageThatIsRejectedGoesToTheDeadLetterExchangeThatTheFormNames() throws Exception {
    String dead = newQueue();
    String queue = name("rejects");
    channel.queueDeclare(
        queue,
        false,
        false,
        true,
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
    fill(queue, "poison");
    open(queue);
    mode("Reject, requeue false");
    page.awaitText(By.cssSelector(".slide"), "They are dead-lettered to amq.default.");
    page.click(Page.submit());
    page.click(Page.button("Take messages off"));
    page.awaitText(GOT, "poison");
    assertThat(text(channel.basicGet(dead, true))).isEqualTo("poison");
  }
}
