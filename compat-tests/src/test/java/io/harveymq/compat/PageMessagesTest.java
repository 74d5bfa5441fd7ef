package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.GetResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** Messages outside of one queue's page, and stepping in between a queue and its consumers. */
class PageMessagesTest extends PageTest {
  private static final By ROWS = By.cssSelector("tr.msgrow");
  private static final By DIALOG = By.cssSelector("dialog[open]");
  private static final By CONFIRM = By.cssSelector("dialog[open] .danger-fill");

  @Test
  void messageIsFoundByItsKeyAndItsBody() throws Exception {
    String exchange = newExchange("topic");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "#");
    publish(exchange, "order.eu.paid", "{\"id\": 4711}");
    publish(exchange, "order.eu.new", "{\"id\": 4712}");
    page.enter("#/overview");
    page.press("g");
    page.press("m");
    page.awaitHeading("Messages");
    page.type(
        By.cssSelector("[aria-label='Search messages']"), "exchange:" + exchange + " key:paid 47");
    page.await("one row", d -> d.findElements(ROWS).size() == 1);
    page.click(By.cssSelector("tr.msgrow .linkbtn"));
    page.awaitText(By.cssSelector(".viewer"), "4711");
    page.type(By.cssSelector("[aria-label='Search messages']"), "exchange:" + exchange + " nix");
    page.awaitText("No message matches");
  }

  @Test
  void moreHitsAreShownWhenAskedForAndTheViewerSaysWhereTheyAre() throws Exception {
    String queue = newQueue();
    for (int i = 1; i <= 60; i++) {
      fill(queue, "hit " + i);
    }
    page.enter("#/messages?in=queues&q=queue:" + queue);
    page.awaitText("The first 50 are shown.");
    assertThat(page.driver().findElements(ROWS)).hasSize(50);
    page.click(Page.button("Show 200"));
    page.await("all of them", d -> d.findElements(ROWS).size() == 60);
    page.awaitText("60 found in 1 queue");
    assertThat(page.find(By.tagName("main")).getText()).doesNotContain("are shown");
    page.click(By.cssSelector("tr.msgrow:last-child .linkbtn"));
    page.awaitText(By.cssSelector(".viewer"), "hit 60");
    page.click(By.cssSelector(".viewer .kv a"));
    page.awaitText(By.cssSelector("h1"), queue);
    page.awaitText(By.cssSelector(".viewer"), "hit 60");
  }

  @Test
  void liveTailShowsWhatPassesAndStopsWhenItIsLeft() throws Exception {
    String exchange = newExchange("fanout");
    page.enter("#/messages/live");
    page.type(By.cssSelector("[aria-label=Name]"), exchange);
    page.click(Page.button("Watch messages"));
    page.awaitText("Watching exchange " + exchange);
    page.awaitText("Nothing yet");
    publish(exchange, "first", "<b>one</b>");
    page.awaitText(ROWS, "first");
    page.awaitText(ROWS, "none: dropped or returned");
    page.awaitText(ROWS, "<b>one</b>");
    page.awaitAddress("#/messages/live?exchange=" + exchange);
    for (int i = 0; i < 60; i++) {
      publish(exchange, "more" + i, "m");
    }
    page.awaitText("more59");
    page.await(
        "the end of the list",
        d ->
            page.script(
                "const b = document.querySelector('.tail .tw'); const left ="
                    + " b.scrollHeight - b.scrollTop - b.clientHeight;"
                    + "return b.scrollTop > 0 && left < 24"));
    page.script("document.querySelector('.tail .tw').scrollTop = 0");
    page.awaitText("Paused: 0 new messages");
    publish(exchange, "late", "m");
    page.awaitText("Paused: 1 new message");
    assertThat(page.find(By.tagName("main")).getText()).doesNotContain("late");
    page.click(By.cssSelector(".tools .linkbtn"));
    page.awaitText("late");
  }

  @Test
  void pausedQueueHoldsItsMessagesUntilItIsResumed() throws Exception {
    String queue = newQueue();
    page.enter("#/queues/%2F/" + queue);
    page.click(Page.button("Pause"));
    page.awaitText(By.cssSelector(".toasts"), queue + " is paused");
    page.awaitText(By.cssSelector("main .head"), "Paused");
    channel.basicConsume(queue, true, new DefaultConsumer(channel));
    fill(queue, "a");
    assertThat(ready(queue)).isEqualTo(1);
    page.click(Page.button("Resume"));
    page.awaitText(By.cssSelector(".toasts"), queue + " goes on");
    page.await(
        "an empty queue", d -> http.read("/queues/%2F/" + queue).get("messages").intValue() == 0);
  }

  @Test
  void unacknowledgedMessageIsTakenBackFromItsConsumerAfterAConfirmation() throws Exception {
    String queue = newQueue();
    fill(queue, "held");
    channel.basicGet(queue, false);
    page.enter("#/queues/%2F/" + queue);
    page.click(By.cssSelector("tr.msgrow input[type=checkbox]"));
    page.click(Page.button("Requeue messages…"));
    page.awaitText(DIALOG, "Take 1 message back from");
    page.click(CONFIRM);
    page.awaitText(By.cssSelector(".toasts"), "1 message back in " + queue);
    GetResponse got = channel.basicGet(queue, true);
    assertThat(text(got)).isEqualTo("held");
    assertThat(got.getEnvelope().isRedeliver()).isTrue();
  }

  @Test
  void consumerIsCancelledAfterAConfirmation() throws Exception {
    String queue = newQueue();
    channel.basicConsume(queue, true, "worker", new DefaultConsumer(channel));
    page.enter("#/queues/%2F/" + queue + "/consumers");
    page.click(Page.button("Cancel consumer…"));
    page.awaitText(DIALOG, "Cancel consumer worker?");
    page.click(CONFIRM);
    page.awaitText(By.cssSelector(".toasts"), "is cancelled");
    page.awaitText("Nobody takes messages from this queue.");
    assertThat(http.read("/queues/%2F/" + queue).get("consumers").intValue()).isZero();
  }

  @Test
  void waitInTheTestToolsSaysWhatTheQueueIsLike() throws Exception {
    expectComplaint("504");
    String queue = newQueue();
    fill(queue, "a");
    page.enter("#/test/wait?queue=" + queue);
    page.type(Page.field("Not longer than, in seconds"), "0.1");
    page.click(Page.button("Wait for queue"));
    page.awaitText("1 ready, 0 unacked, 0 consumers.");
    assertThat(drain(queue)).containsExactly("a");
    page.click(Page.button("Wait for queue"));
    page.awaitText("0 ready, 0 unacked, 0 consumers.");
  }

  @Test
  void lintOfTheTestToolsNamesWhatIsHardlyMeantSoAndGoesToIt() throws Exception {
    String queue = newQueue();
    channel.queueDeclare(
        queue + ".retry", false, true, false, Map.of("x-dead-letter-exchange", queue + ".dlx"));
    page.enter("#/test/lint");
    page.awaitText(queue + ".retry loses its dead letters: there is no exchange " + queue + ".dlx");
    page.click(By.partialLinkText(queue + ".retry"));
    page.awaitText(By.cssSelector("h1"), queue + ".retry");
    channel.exchangeDeclare(queue + ".dlx", "fanout");
    channel.queueBind(queue, queue + ".dlx", "");
    page.open("#/test/lint");
    page.awaitText("In a test");
    assertThat(http.read("/dev/lint/%2F").get("items").findValuesAsText("name"))
        .doesNotContain(queue + ".retry");
    channel.exchangeDelete(queue + ".dlx");
    page.awaitText(queue + ".retry loses its dead letters");
  }

  @Test
  void base64IsUnpackedAndCopiesAreOffered() throws Exception {
    String queue = newQueue();
    channel.basicPublish(
        "",
        queue,
        properties().contentEncoding("base64").headers(Map.of("n", 7)).build(),
        bytes("eyJvcmRlciI6IDQ3MTF9"));
    page.enter("#/queues/%2F/" + queue);
    page.click(By.xpath("//table[@aria-label='Messages']/tbody/tr[1]//button"));
    page.awaitText(By.cssSelector(".viewer"), "unpacked from base64, 15 B");
    page.awaitText(By.cssSelector(".viewer .code"), "\"order\": 4711");
    page.click(By.cssSelector(".viewer .menu > button"));
    page.awaitText(By.cssSelector(".viewer [role=menu]"), "Copy as pika publish");
    page.awaitText(By.cssSelector(".viewer [role=menu]"), "Copy payload");
  }

  @Test
  void publishSheetSaysWhereItWouldGoAndGivesTheCode() throws Exception {
    String queue = newQueue();
    String exchange = newExchange("topic");
    channel.queueBind(queue, exchange, "order.*");
    page.enter("#/exchanges/%2F/" + exchange);
    page.press("u");
    page.type(Page.field("Routing key"), "order.new");
    page.awaitText(By.cssSelector(".slide .hint"), "Goes to " + queue + ".");
    page.type(Page.field("Routing key"), "other");
    page.awaitText(By.cssSelector(".slide .hint"), "No queue gets it: it would be dropped.");
    page.type(Page.field("Payload"), "it's \"quoted\"");
    page.awaitText(By.cssSelector(".slide .code"), "\"it's \\\"quoted\\\"\".encode()");
    page.click(Page.button("Java"));
    page.awaitText(
        By.cssSelector(".slide .code"),
        "channel.basicPublish(\"" + exchange + "\", \"other\", properties, body);");
  }
}
