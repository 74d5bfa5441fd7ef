package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.harveymq.broker.vhost.ManualClock;
import io.harveymq.codec.QueueMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;

/**
 * What the page tells of the time before it was opened: how long messages wait, what came, what
 * went.
 */
class PageLatelyTest extends PageTest {
  private static final By STRIP = By.cssSelector("main .flow");

  private final ManualClock clock = new ManualClock();
  private PageBroker broker;
  private Connection connection;
  private Channel client;

  @BeforeEach
  void startBroker() throws Exception {
    broker = PageBroker.start(clock);
    connection = broker.connect("orders-api");
    client = connection.createChannel();
    client.confirmSelect();
    client.exchangeDeclare("orders", "topic");
    client.queueDeclare("billing", false, false, false, null);
    client.queueBind("billing", "orders", "order.#");
    page = new Page(Browser.driver(), broker.uri());
  }

  @AfterEach
  void stopBroker() {
    page.leave();
    connection.abort(5_000);
    broker.close();
  }

  private void send(String exchange, String key, String body) throws Exception {
    client.basicPublish(exchange, key, null, bytes(body));
    client.waitForConfirmsOrDie(10_000);
  }

  private void awaitRow(String table, int row, String... texts) {
    By by = By.xpath("//table[@aria-label='%s']/tbody/tr[%d]".formatted(table, row));
    page.await(
        "row " + row + " with " + List.of(texts),
        d -> List.of(texts).stream().allMatch(d.findElement(by).getText()::contains));
  }

  @Test
  void eachMessageHasAnAgeAndTheQueueThatOfTheOldest() throws Exception {
    send("orders", "order.eu", "first");
    clock.advance(Duration.ofMinutes(13));
    send("orders", "order.us", "second");
    clock.advance(Duration.ofSeconds(60));
    page.enter("#/queues/%2F/billing");
    awaitRow("Messages", 1, "order.eu", "14 min", "first");
    awaitRow("Messages", 2, "order.us", "1 min", "second");
    page.awaitText(STRIP, "no consumer, oldest 14 min");
    client.basicGet("billing", true);
    page.awaitText(STRIP, "oldest 1 min");
  }

  @Test
  void queuesMayBeListedWithTheAgeOfTheOldestMessage() throws Exception {
    send("orders", "order.eu", "m");
    clock.advance(Duration.ofMinutes(14));
    page.enter("#/queues");
    page.find(Page.row("Queues", "billing"));
    page.click(By.xpath("//span[@class='menu']/button[contains(.,'Columns')]"));
    page.click(Page.column("Oldest"));
    page.await(
        "the age", d -> d.findElement(Page.row("Queues", "billing")).getText().contains("14 min"));
    client.queueDeclare("aaa-empty", false, false, false, null);
    client.queueDeclare("aaa-later", false, false, false, null);
    send("", "aaa-later", "m");
    page.press(Keys.ESCAPE);
    page.click(By.xpath("//th/button[.='Oldest']"));
    page.awaitAddress("#/queues?sort=oldest_since");
    page.await(
        "the longest wait first",
        d -> names().equals(List.of("billing", "aaa-later", "aaa-empty")));
    assertThat(page.complaints()).isEmpty();
    page.script("localStorage.removeItem('harvey.queueColumns')");
  }

  @SuppressWarnings("unchecked")
  private List<String> names() {
    return (List<String>)
        page.script(
            "return [...document.querySelectorAll('main td.c-name')].map(c => c.innerText.trim())");
  }

  @Test
  void keysThatCameAreListedThoughNothingIsBoundForThem() throws Exception {
    send("", "billing", "m");
    clock.advance(Duration.ofSeconds(90));
    send("orders", "order.eu.paid", "m");
    page.enter("#/queues/%2F/billing/bindings");
    awaitRow("Keys that reached this queue lately", 1, "orders", "order.eu.paid", "< 1 s ago");
    awaitRow("Keys that reached this queue lately", 2, "amq.default", "billing", "1 min ago");
    send("orders", "order.us.paid", "m");
    page.await(
        "the new key", d -> d.findElement(By.id("main")).getText().contains("order.us.paid"));
  }

  @Test
  void queueThatIsGoneSaysWhoDeletedItAndNamesOthers() throws Exception {
    expectComplaint("404");
    client.queueDeclare("billing2", false, false, false, null);
    client.queueDelete("billing");
    page.enter("#/queues/%2F/billing");
    page.awaitText("No queue billing in vhost /");
    page.awaitText("It was deleted at ");
    page.awaitText(" by orders-api.");
    page.awaitText("Nearest name: billing2");
    page.open("#/queues/%2F/never-there");
    page.awaitText("It was deleted, or never existed.");
  }

  @Test
  void whateverWentSaysWhy() throws Exception {
    expectComplaint("404");
    ManagementClient http = ManagementClient.at(broker.uri(), "guest", "guest");
    http.delete("/exchanges/%2F/orders").isEmpty(204);
    client.queueDeclare("brief", false, false, false, Map.of("x-expires", 1_000));
    clock.advance(Duration.ofSeconds(2));
    Connection other = broker.connect("reporter");
    other.createChannel().queueDeclare("own", false, true, false, null);
    other.close();
    client.queueDeclare("inside", false, false, false, null);
    QueueMethod.Delete delete = new QueueMethod.Delete("inside", false, false, false);
    broker.commands().carryOut("guest", "/", delete).toCompletableFuture().get();
    page.enter("#/exchanges/%2F/orders");
    page.awaitText("by user guest, over the HTTP API.");
    page.open("#/queues/%2F/brief");
    page.awaitText("It expired at ");
    page.open("#/queues/%2F/own");
    page.awaitText("It was exclusive to reporter and went at ");
    page.open("#/queues/%2F/inside");
    page.awaitText("by user guest, from inside the broker's JVM.");
  }

  @ParameterizedTest
  @CsvSource({"light, 1440", "dark, 1440", "light, 390"})
  void allOfItFitsAndCanBeRead(String theme, int width) throws Exception {
    expectComplaint("404");
    send("orders", "order.eu.paid", "{\"id\":1}");
    clock.advance(Duration.ofMinutes(14));
    send("orders", "order.eu.created." + "long.".repeat(30), "{\"id\":2}");
    client.queueDeclare("gone", false, false, false, null);
    client.queueDelete("gone");
    page.width(width, 900);
    page.enter("#/");
    page.script("localStorage.setItem('harvey.theme', arguments[0])", theme);
    String[][] stops = {
      {"#/queues/%2F/billing", "14 min"},
      {"#/queues/%2F/billing/bindings", "order.eu.paid"},
      {"#/queues/%2F/gone", "by orders-api."}
    };
    for (int i = 0; i < stops.length; i++) {
      page.reload(stops[i][0]);
      page.awaitText(stops[i][1]);
      Path picture =
          Path.of("target", "screenshots", "lately-" + i + "-" + theme + "-" + width + ".png");
      Files.createDirectories(picture.getParent());
      Files.write(picture, page.driver().getScreenshotAs(OutputType.BYTES));
      assertThat(page.contentWidth()).as(stops[i][0]).isLessThanOrEqualTo(width);
      assertThat(page.lowContrast()).as(stops[i][0]).isEmpty();
    }
  }
}
