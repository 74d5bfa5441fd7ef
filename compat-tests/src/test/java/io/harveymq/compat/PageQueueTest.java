package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.harveymq.broker.Compatibility;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

class PageQueueTest extends PageTest {
  private static final By DIALOG = By.cssSelector("dialog[open]");
  private static final By KEEP = By.cssSelector("dialog[open] .keep");
  private static final By LOSE = By.cssSelector("dialog[open] .danger-fill");

  private void enter(String queue) {
    page.enter("#/queues/%2F/" + queue);
    page.awaitHeading(queue);
  }

  /** Waits until a step of the strip below the head has the value. */
  private void awaitStep(String label, String value) {
    page.await(
        label + " " + value,
        d ->
            d.findElements(By.cssSelector(".flow > *")).stream()
                .map(WebElement::getText)
                .anyMatch(t -> t.startsWith(label + "\n" + value + "\n")));
  }

  @Test
  void queueThatLosesItsDeadLettersIsNotSaidToKeepUp() throws Exception {
    String queue = name("lossy");
    Map<String, Object> lossy =
        Map.of("x-dead-letter-exchange", queue + ".none", "x-max-length", 999_999);
    channel.queueDeclare(queue, false, true, false, lossy);
    channel.basicPublish("", queue, null, bytes("x"));
    channel.basicGet(queue, true);
    page.enter("#/queues/%2F/" + queue);
    page.awaitText(By.cssSelector("main .head"), "max 1.00 M");
    channel.basicPublish("", queue, null, bytes("lost"));
    channel.basicReject(channel.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
    page.awaitText(By.cssSelector("main .head"), "Dropping");
  }

  @Test
  void queueDeclaredThroughTheSheetIsThereForClients() throws Exception {
    String queue = name("page");
    page.enter("#/queues");
    page.click(Page.button("Declare a queue"));
    page.type(Page.field("Name"), queue);
    page.click(Page.submit());
    page.awaitText(By.cssSelector(".toasts"), "Queue " + queue + " is declared");
    channel.queueDeclare(queue, true, false, false, Map.of());
    page.click(By.linkText("Show queue"));
    page.awaitHeading(queue);
  }

  @Test
  void queueWithoutANameGetsOne() throws Exception {
    page.enter("#/queues");
    page.click(Page.button("Declare a queue"));
    page.click(Page.submit());
    page.awaitText(By.cssSelector(".toasts"), "Queue gen-");
    page.click(By.linkText("Show queue"));
    page.await("the queue's page", d -> page.address().startsWith("#/queues/%2F/gen-"));
    String queue = page.address().replaceFirst(".*/", "");
    page.awaitHeading(queue);
    channel.queueDeclarePassive(queue);
    page.leave();
    channel.queueDelete(queue);
  }

  @Test
  void messagesThatMayNotBeDeliveredYetHaveAStateOfTheirOwn() throws Exception {
    Map<String, Object> arguments =
        Map.of(
            "x-queue-type",
            "quorum",
            "x-delayed-retry-type",
            "all",
            "x-delayed-retry-min",
            600_000);
    try (PageBroker broker = PageBroker.start(Compatibility.V4_3);
        Connection client = broker.connect("client")) {
      Channel own = client.createChannel();
      own.queueDeclare("slow", true, false, false, arguments);
      own.basicPublish("", "slow", null, bytes("later"));
      own.basicPublish("", "slow", null, bytes("now"));
      own.basicNack(own.basicGet("slow", false).getEnvelope().getDeliveryTag(), false, true);
      page = new Page(Browser.driver(), broker.uri());
      page.enter("#/queues/%2F/slow");
      page.click(By.xpath("//button[starts-with(normalize-space(),'Delayed')]"));
      page.await("the state", d -> page.address().contains("state=delayed"));
      page.awaitText(By.xpath("//table[@aria-label='Messages']/tbody"), "later");
      page.leave();
    }
  }

  @Test
  void inequivalentDeclarationIsRefusedWithTheBrokersWordsAndTheInputStays() throws Exception {
    expectComplaint("400");
    String queue = newQueue();
    page.enter("#/queues");
    page.click(Page.button("Declare a queue"));
    page.type(Page.field("Name"), queue);
    page.click(Page.submit());
    page.awaitText(
        By.cssSelector(".slide [role=alert]"),
        "inequivalent arg 'durable' for queue '" + queue + "' in vhost '/'");
    page.awaitText(
        By.cssSelector(".slide [role=alert]"),
        "Not declared. Queue "
            + queue
            + " exists with other arguments: durable is false, you asked for true.");
    assertThat(page.find(Page.field("Name")).getDomProperty("value")).isEqualTo(queue);
  }

  @Test
  void actsOnSelectedMessagesLeaveRoomForTheMessageBesideThem() throws Exception {
    String dead = newQueue();
    String brief = name("q");
    Map<String, Object> arguments =
        Map.of("x-message-ttl", 0, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead);
    channel.queueDeclare(brief, false, false, true, arguments);
    fill(brief, Collections.nCopies(1234, "m").toArray(String[]::new));
    page.width(1280, 900);
    enter(dead);
    page.click(By.xpath("//table[@aria-label='Messages']/tbody/tr[1]//input"));
    page.click(By.xpath("//table[@aria-label='Messages']/tbody/tr[1]//button"));
    page.awaitText(By.cssSelector(".viewer"), "Message 1");
    page.awaitText(By.cssSelector(".bulk"), "Select all 1,234 ready");
    assertThat(
            page.script(
                "const b = document.querySelector('.bulk'); return b.scrollWidth <= b.clientWidth"))
        .isEqualTo(true);
  }

  /** Copies the command that is offered where the selector says. */
  private String copied(String within) {
    page.script(
        "window.copied = null; navigator.clipboard.writeText = async t => { window.copied = t; }");
    page.click(By.xpath(within + "//button[normalize-space()='Copy as curl']"));
    return page.await("a command", d -> (String) page.script("return window.copied")).toString();
  }

  @Test
  void actsThatAskBeforeTheyLoseAreCopiedAsCurl() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    enter(queue);
    String at = "'" + BrokerUnderTest.managementUri() + "/api/queues/%2F/" + queue;
    page.act("Delete queue…");
    assertThat(copied("//dialog"))
        .isEqualTo(
            "curl -u guest \\\n  -X DELETE \\\n  "
                + at
                + "?if-messages=1&if-consumers=0&if-bindings=0'");
    page.click(KEEP);
    page.awaitGone(DIALOG);
    page.act("Purge queue…");
    page.awaitText(DIALOG, "Purge");
    assertThat(copied("//dialog")).endsWith(at + "/contents?if-messages=1'");
    page.width(390, 800);
    int left = page.find(DIALOG).getRect().x;
    assertThat(page.driver().findElements(By.cssSelector("dialog[open] .actions button")))
        .hasSize(3)
        .allMatch(button -> button.getRect().x > left);
  }

  @Test
  void keyRedrivesTheOpenMessageAndAHeldListCountsNewOnes() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    enter(queue);
    page.press("j");
    page.awaitText(By.cssSelector(".viewer"), "one");
    page.press("r");
    page.awaitText(By.cssSelector(".list .sheet h2"), "Redrive 1 message");
    page.press(Keys.ESCAPE);
    page.awaitGone(By.cssSelector(".list .sheet"));
    page.press(Keys.ESCAPE);
    page.awaitGone(By.cssSelector(".bulk"));
    WebElement row = page.find(By.cssSelector("table[aria-label=Messages] tbody tr"));
    new Actions(page.driver()).moveToElement(row).perform();
    fill(queue, "two");
    page.awaitText(By.cssSelector(".tfoot"), "1 new, shown when");
  }

  @Test
  void markedMessagesThatLeftAreNotCounted() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    enter(queue);
    page.click(By.xpath("//table[@aria-label='Messages']/tbody/tr[1]//input"));
    page.click(By.xpath("//table[@aria-label='Messages']/tbody/tr[3]//input"));
    page.awaitText(By.cssSelector(".bulk"), "2 selected");
    channel.basicGet(queue, true);
    page.click(Page.button("Delete…"));
    page.awaitText(DIALOG, "Delete 1 message of " + queue);
    page.click(Page.button("Delete 1 message"));
    page.awaitText(By.cssSelector(".toasts"), "1 message deleted from " + queue);
    assertThat(channel.basicGet(queue, true).getBody()).isEqualTo(bytes("two"));
  }

  @Test
  void actsOnMessagesAreCopiedAsCurl() throws Exception {
    String queue = newQueue();
    fill(queue, "one");
    enter(queue);
    String at = BrokerUnderTest.managementUri() + "/api/dev/queues/%2F/" + queue + "/messages/";
    page.click(By.xpath("//table[@aria-label='Messages']/tbody/tr[1]//input"));
    page.click(By.xpath("//*[contains(@class,'bulk')]//button[normalize-space()='Redrive']"));
    assertThat(copied("//*[@class='sheet']"))
        .contains("-d '{\"ids\":[")
        .endsWith("'" + at + "redrive'");
    page.click(Page.button("Delete…"));
    assertThat(copied("//dialog")).contains("-d '{\"ids\":[").endsWith("'" + at + "delete'");
    page.click(KEEP);
    page.awaitGone(DIALOG);
    page.click(Page.button("Other target…"));
    page.type(Page.field("Queue"), "it's");
    page.awaitText(By.cssSelector(".slide pre.code"), "\"routing_key\":\"it'\\''s\"}'");
    page.awaitText(By.cssSelector(".slide pre.code"), "'" + at + "move'");
  }

  @Test
  void bindingMadeInThePageRoutesAndTheMessageIsCountedWithoutAReload() throws Exception {
    String exchange = newExchange("topic");
    String queue = newQueue();
    page.enter("#/queues/%2F/" + queue + "/bindings");
    page.script("window.loaded = 'once'");
    page.awaitText("No binding");
    page.click(Page.button("Bind to an exchange"));
    page.type(Page.field("Exchange"), exchange);
    page.type(Page.field("Routing key"), "order.*");
    page.click(Page.submit());
    page.find(Page.row("Bindings", exchange));
    awaitStep("Ready", "0");
    publish(exchange, "order.paid", "one");
    publish(exchange, "other", "nowhere");
    awaitStep("Ready", "1");
    fill(queue, "two", "three");
    awaitStep("Ready", "3");
    assertThat(drain(queue)).containsExactly("one", "two", "three");
    awaitStep("Ready", "0");
    page.click(By.cssSelector("[aria-label=Unbind]"));
    page.awaitText("No binding");
    page.click(Page.button("Undo"));
    page.find(Page.row("Bindings", exchange));
    publish(exchange, "order.sent", "four");
    awaitStep("Ready", "1");
    assertThat(page.script("return window.loaded")).isEqualTo("once");
  }

  @Test
  void messagePublishedInThePageArrivesWithItsHeadersAndProperties() throws Exception {
    String queue = newQueue();
    enter(queue);
    page.click(By.cssSelector("main .head button[title='Publish (U)']"));
    page.type(Page.field("Payload"), "{\"paid\": true}");
    page.type(Page.field("content_type"), "application/json");
    page.click(Page.button("Add a header"));
    page.type(By.cssSelector(".slide [aria-label=Name]"), "attempt");
    page.type(By.cssSelector(".slide [aria-label=Value]"), "3");
    page.click(Page.submit());
    page.awaitText(By.cssSelector(".toasts"), "Published to amq.default");
    awaitStep("Ready", "1");
    GetResponse got = channel.basicGet(queue, true);
    assertThat(text(got)).isEqualTo("{\"paid\": true}");
    assertThat(got.getProps().getContentType()).isEqualTo("application/json");
    assertThat(got.getProps().getDeliveryMode()).isEqualTo(2);
    assertThat(got.getProps().getHeaders()).containsExactly(Map.entry("attempt", 3L));
  }

  @Test
  void unroutableMessageIsReportedAsDropped() throws Exception {
    String exchange = newExchange("direct");
    page.enter("#/exchanges/%2F/" + exchange);
    page.awaitHeading(exchange);
    page.press("u");
    page.type(Page.field("Routing key"), "nowhere");
    page.click(Page.submit());
    page.awaitText(By.cssSelector(".toasts"), "No binding of " + exchange + " matches nowhere.");
  }

  @Test
  void messagesAreReadWithPayloadPropertiesAndHeadersAndStayAsTheyWere() throws Exception {
    String queue = newQueue();
    channel.confirmSelect();
    channel.basicPublish(
        "",
        queue,
        properties()
            .contentType("application/json")
            .messageId("m-1")
            .headers(Map.of("tenant", "acme"))
            .build(),
        bytes("{\"order\":12345678901234567890,\"total\":1.90,\"tags\":[]}"));
    channel.waitForConfirmsOrDie(10_000);
    fill(queue, "plain text");
    enter(queue);
    page.click(By.xpath("//table[@aria-label='Messages']/tbody/tr[1]//button"));
    By viewer = By.cssSelector(".viewer");
    page.awaitText(viewer, "\"order\": 12345678901234567890,");
    assertThat(page.find(viewer).getText())
        .contains("\"total\": 1.90,", "\"tags\": []", "m-1", "tenant", "acme", "application/json");
    page.click(By.cssSelector(".viewer [aria-label=Next]"));
    page.awaitText(viewer, "plain text");
    page.click(Page.button("Hex"));
    page.awaitText(viewer, "70 6c 61 69 6e");
    GetResponse first = channel.basicGet(queue, true);
    assertThat(text(first)).startsWith("{\"order\":1234");
    assertThat(first.getEnvelope().isRedeliver()).isFalse();
  }

  @Test
  void purgeAsksFirstAndSaysHowManyAreLost() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two");
    enter(queue);
    awaitStep("Ready", "2");
    page.act("Purge queue…");
    page.awaitText(DIALOG, "2 ready messages are lost.");
    assertThat(page.driver().switchTo().activeElement()).isEqualTo(page.find(KEEP));
    page.click(KEEP);
    page.awaitGone(DIALOG);
    assertThat(ready(queue)).isEqualTo(2);
    page.act("Purge queue…");
    page.click(LOSE);
    awaitStep("Ready", "0");
    assertThat(ready(queue)).isZero();
  }

  @Test
  void losingMoreThanAHundredMessagesNeedsTheNameTyped() throws Exception {
    String queue = newQueue();
    fill(queue, Collections.nCopies(101, "m").toArray(String[]::new));
    enter(queue);
    awaitStep("Ready", "101");
    page.act("Purge queue…");
    assertThat(page.find(LOSE).isEnabled()).isFalse();
    page.type(By.id("typed"), queue);
    page.click(LOSE);
    awaitStep("Ready", "0");
    assertThat(ready(queue)).isZero();
  }

  @Test
  void deletedQueueIsGoneFromTheBrokerAndTheList() throws Exception {
    String queue = newQueue();
    enter(queue);
    page.act("Delete queue…");
    page.awaitText(DIALOG, "Delete queue " + queue + "?");
    page.click(LOSE);
    page.awaitHeading("Queues");
    page.awaitGone(Page.row("Queues", queue));
    assertThat(http.get("/queues/%2F/" + queue).status()).isEqualTo(404);
  }

  @Test
  void pageOfAQueueThatAClientDeletesSaysSo() throws Exception {
    expectComplaint("404");
    String queue = newQueue();
    enter(queue);
    awaitStep("Ready", "0");
    channel.queueDelete(queue);
    page.awaitText("No queue " + queue + " in vhost /");
  }
}
