package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;

/** Life stories on the page of messages. Pictures of one are left in {@code target/screenshots}. */
class PageStoriesTest extends PageTest {
  private static final String MARKUP = "<img src=x onerror=alert(1)>";
  private static final By SEARCH = By.cssSelector("[aria-label='Search messages']");
  private static final By ROWS = By.cssSelector("tr.msgrow");
  private static final By STORY = By.cssSelector(".viewer .story");
  private static final By LIST = By.cssSelector(".storied > .list");
  private static final Path PICTURES = Path.of("target", "screenshots");

  @AfterEach
  void end() {
    if (BrokerUnderTest.isEmbedded()) {
      http.delete("/dev/stories/%2F").isEmpty(204);
    }
  }

  private void record() {
    http.put("/dev/stories/%2F", Map.of()).isEmpty(204);
  }

  private void send(String exchange, String key, String body) throws Exception {
    channel.confirmSelect();
    publish(exchange, key, body);
    channel.waitForConfirmsOrDie(10_000);
  }

  /** A message that is rejected and waits in a dead letter queue then; its key. */
  private String deadLetter() throws Exception {
    String dead = newQueue();
    String exchange = newExchange("topic");
    String queue = name("q");
    channel.queueDeclare(
        queue,
        false,
        false,
        false,
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
    channel.queueBind(queue, exchange, "#");
    String key = "order." + queue;
    send(exchange, key, "{\"id\": 4711, \"lines\": [1, 2]}");
    Channel worker = keep(factory().newConnection("billing-worker")).createChannel();
    worker.basicReject(worker.basicGet(queue, false).getEnvelope().getDeliveryTag(), true);
    worker.basicReject(worker.basicGet(queue, false).getEnvelope().getDeliveryTag(), false);
    return key;
  }

  @Test
  void switchRecordsAndTheStoryOfAMessageIsReadBesideTheList() throws Exception {
    expectComplaint("404");
    page.enter("#/messages?in=stories");
    page.awaitText("Life stories are not recorded");
    page.click(Page.button("Record stories"));
    page.awaitText("Nothing was published yet");
    String key = deadLetter();
    page.awaitText(ROWS, key);
    page.type(SEARCH, "key:" + key + " 4711");
    page.awaitText("waits in");
    page.click(By.cssSelector("tr.msgrow .linkbtn"));
    page.awaitText(STORY, "Published by");
    assertThat(page.find(STORY).getText())
        .containsSubsequence(
            "Published by",
            "routed to 1 queue",
            "Entered",
            "nothing before it",
            "Fetched by billing-worker",
            "Given back by billing-worker",
            "Fetched again by billing-worker",
            "Rejected by billing-worker",
            "Dead-lettered by",
            "Entered",
            "Waits in");
    page.awaitText(By.cssSelector(".viewer"), "4711");
    page.click(By.cssSelector(".story a[href^='#/queues/']"));
    page.awaitText(By.cssSelector("main .head"), key.substring("order.".length()));
    page.driver().navigate().back();
    page.awaitText(STORY, "Rejected by billing-worker");
    assertThat(page.address()).contains("id=");
    page.click(Page.button("Stop and forget stories"));
    page.awaitText("Life stories are not recorded");
  }

  @Test
  void addressWithAnIdOpensItsStoryAndTheKeyboardGoesOn() throws Exception {
    record();
    send("amq.direct", "first", "a");
    send("amq.direct", "second", "b");
    long id = http.read("/dev/messages/search?vhost=%2F&q=key:first").at("/items/0/id").asLong();
    page.enter("#/messages?q=&id=" + id);
    page.awaitText(STORY, "Dropped: it reached no queue");
    page.awaitText(STORY, "first");
    page.press("k");
    page.awaitText(STORY, "second");
    page.press("j");
    page.awaitText(STORY, "first");
    page.press(Keys.ESCAPE);
    page.awaitText("Choose a message to see what happened to it.");
    assertThat(page.address()).doesNotContain("id=");
    page.type(SEARCH, "nothing-like-it");
    page.awaitText("No story matches");
  }

  @Test
  void viewerTellsItWhereverTheMessageIs() throws Exception {
    record();
    String queue = newQueue();
    send("", queue, "waits");
    page.enter("#/queues/%2F/" + queue);
    page.click(By.cssSelector("tr.msgrow .linkbtn"));
    page.awaitText(STORY, "Published by");
    page.awaitText(STORY, "Waits in " + queue);
    String exchange = name("later");
    Map<String, Object> fanout = Map.of("x-delayed-type", "fanout");
    channel.exchangeDeclare(exchange, "x-delayed-message", false, true, fanout);
    Map<String, Object> delay = Map.of("x-delay", 7_200_000);
    channel.basicPublish(exchange, "k", properties().headers(delay).build(), bytes("later"));
    channel.waitForConfirmsOrDie(10_000);
    page.open("#/exchanges/%2F/" + exchange + "/delayed");
    page.awaitText("1 waits");
    page.click(By.cssSelector("tr.msgrow .linkbtn"));
    page.awaitText(STORY, "Published by");
    page.awaitText(STORY, exchange);
    page.awaitText(STORY, "Kept by a delayed exchange");
  }

  @Test
  void storyThatIsForgottenSaysSo() {
    expectComplaint("404");
    record();
    page.enter("#/messages?id=4000000000");
    page.awaitText(By.cssSelector(".viewer"), "Not known any more");
  }

  @Test
  void markupInNamesAndContentsIsText() throws Exception {
    record();
    String queue = name(MARKUP);
    channel.queueDeclare(queue, false, false, false, null);
    Channel worker = keep(factory().newConnection(MARKUP)).createChannel();
    send("", queue, "<b class=made>body</b>");
    worker.basicGet(queue, true);
    page.enter("#/messages?in=stories&q=key:onerror");
    page.click(By.cssSelector("tr.msgrow .linkbtn"));
    page.awaitText(STORY, "Fetched by " + MARKUP);
    page.awaitText(STORY, "Entered " + queue);
    page.awaitText(By.cssSelector(".viewer"), "<b class=made>body</b>");
    assertThat(page.driver().findElements(By.cssSelector("img, b.made, [onerror]"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"light, 1440, 960", "dark, 1440, 960", "light, 390, 844", "dark, 390, 844"})
  void storyFitsAndIsPictured(String theme, int width, int height) throws Exception {
    record();
    String key = deadLetter();
    page.width(width, height);
    page.script("localStorage.setItem('harvey.theme', arguments[0])", theme);
    page.enter("#/messages?in=stories&q=key:" + key);
    page.awaitText(ROWS, key);
    assertThat(page.lowContrast()).isEmpty();
    assertThat(page.contentWidth()).isLessThanOrEqualTo(width);
    take("stories-" + theme + "-" + width);
    page.click(By.cssSelector("tr.msgrow .linkbtn"));
    page.awaitText(STORY, "Waits in");
    assertThat(page.find(LIST).isDisplayed()).isEqualTo(width > 720);
    assertThat(page.lowContrast()).isEmpty();
    assertThat(page.contentWidth()).isLessThanOrEqualTo(width);
    take("story-" + theme + "-" + width);
    page.click(By.cssSelector(".viewer [aria-label=Close]"));
    page.awaitText(LIST, key);
  }

  private void take(String name) throws Exception {
    Files.createDirectories(PICTURES);
    byte[] picture = page.driver().getScreenshotAs(OutputType.BYTES);
    Files.write(PICTURES.resolve(name + ".png"), picture);
  }
}
