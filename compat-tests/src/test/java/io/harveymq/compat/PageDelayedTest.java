package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.interactions.Actions;

/** What waits in a delayed exchange: seen, routed now, deleted. */
class PageDelayedTest extends PageTest {
  private static final By DIALOG = By.cssSelector("dialog[open]");
  private static final By TOASTS = By.cssSelector(".toasts");
  private static final By LOSE = By.cssSelector("dialog .danger-fill");

  private String exchange;

  @BeforeEach
  void declare() throws Exception {
    exchange = name("delayed");
    channel.exchangeDeclare(
        exchange, "x-delayed-message", false, true, Map.of("x-delayed-type", "fanout"));
    channel.confirmSelect();
  }

  private void delay(String... bodies) throws Exception {
    for (int i = 0; i < bodies.length; i++) {
      channel.basicPublish(
          exchange,
          "key." + bodies[i],
          properties().headers(Map.of("x-delay", 7_200_000L + 3_600_000L * i)).build(),
          bytes(bodies[i]));
    }
    channel.waitForConfirmsOrDie(10_000);
  }

  private static By tick(int row) {
    return By.cssSelector(
        "table[aria-label='Delayed messages'] tbody tr:nth-child(" + row + ") input");
  }

  private void enter() {
    page.enter("#/exchanges/%2F/" + exchange + "/delayed");
  }

  @Test
  void messagesAreShownWithTheTimeTheyStillWaitAndOpenInTheViewer() throws Exception {
    enter();
    page.awaitText("Nothing waits");
    delay("a", "b", "c");
    page.awaitText("3 wait");
    page.awaitText(By.cssSelector("table[aria-label='Delayed messages'] tbody"), "1 h 59 min");
    page.click(By.xpath("//table//button[.='key.b']"));
    page.awaitText(By.cssSelector(".viewer"), "x-delay");
    page.find(By.xpath("//div[@class='viewer']//dt[.='Due']"));
    page.await("the address", d -> page.address().contains("message="));
    String address = page.address();
    page.reload(address);
    page.awaitText(By.cssSelector(".viewer"), "key.b");
  }

  @Test
  void moreThanAPageAreTurnedOver() throws Exception {
    delay(IntStream.range(0, 103).mapToObj(i -> "m" + i).toArray(String[]::new));
    enter();
    page.awaitText(By.cssSelector(".tfoot"), "1\u2013100 of 103");
    page.click(By.cssSelector("[aria-label='Next page']"));
    page.awaitText(By.cssSelector(".tfoot"), "101\u2013103 of 103");
    page.find(By.xpath("//table//button[.='key.m102']"));
    page.await("the page in the address", d -> page.address().endsWith("?page=2"));
    page.reload(page.address());
    page.find(By.xpath("//table//button[.='key.m100']"));
    page.awaitText(By.cssSelector(".tfoot"), "101\u2013103 of 103");
  }

  @Test
  void whatNoQueueTakesStaysWithTheReason() throws Exception {
    delay("a");
    enter();
    page.click(tick(1));
    page.click(Page.button("Route messages now"));
    page.awaitText(TOASTS, "1 message not taken: no queue takes it.");
    page.awaitText("1 waits");
  }

  @Test
  void chosenMessagesAreRoutedNow() throws Exception {
    String queue = newQueue();
    channel.queueBind(queue, exchange, "");
    delay("a", "b", "c");
    enter();
    page.click(tick(2));
    page.press("r");
    page.awaitText(TOASTS, "1 message of " + exchange + " routed");
    page.awaitText("2 wait");
    page.click(tick(1));
    page.click(Page.button("Route messages now"));
    page.awaitText("1 waits");
    assertThat(drain(queue)).isEqualTo(List.of("b", "a"));
  }

  @Test
  void chosenMessagesAndAllAreDeletedAfterADialogAndNoMoreThanItSaid() throws Exception {
    delay("a", "b", "c");
    enter();
    page.click(tick(1));
    page.click(Page.button("Delete messages…"));
    page.awaitText(DIALOG, "Delete 1 delayed message of " + exchange);
    page.click(LOSE);
    page.awaitText(TOASTS, "1 message deleted from " + exchange);
    page.awaitText("2 wait");
    page.click(Page.button("Delete all messages…"));
    page.awaitText(DIALOG, "Delete 2 delayed messages");
    delay("late");
    page.click(LOSE);
    page.awaitText(TOASTS, "2 messages deleted from " + exchange);
    page.awaitText("1 waits");
  }

  @Test
  void markedOnesStayMarkedWhileOthersComeAndGo() throws Exception {
    channel.queueBind(newQueue(), exchange, "");
    delay("a", "b");
    enter();
    page.click(tick(2));
    page.awaitText(By.cssSelector(".bulk"), "1 selected");
    delay("late");
    page.awaitText("3 wait");
    page.click(Page.button("Route messages now"));
    page.awaitText(TOASTS, "1 message of " + exchange + " routed");
    page.awaitGone(By.cssSelector(".bulk"));
    page.awaitText("2 wait");
    new Actions(page.driver()).moveToElement(page.find(By.tagName("h1"))).perform();
    page.find(By.xpath("//table//button[.='key.late']"));
  }

  @Test
  void dialogThatDeletesTheExchangeTellsOfThem() throws Exception {
    expectComplaint("400"); // more is at stake
    expectComplaint("404"); // what was asked for before it went
    delay("a", "b");
    enter();
    page.awaitText("2 wait");
    page.act("Delete exchange…");
    page.awaitText(DIALOG, "2 messages that wait in it are lost.");
    delay("late");
    page.click(LOSE);
    page.awaitText(DIALOG, "counted anew");
    page.awaitText(DIALOG, "3 messages that wait in it are lost.");
    page.click(LOSE);
    page.awaitText(TOASTS, "is deleted");
  }

  @Test
  void keysHeadersAndPayloadsAreSearched() throws Exception {
    delay(IntStream.range(0, 120).mapToObj(i -> i + "x").toArray(String[]::new));
    enter();
    page.awaitText("120 wait");
    By search = By.cssSelector("[aria-label='Search messages']");
    page.type(search, "x");
    By foot = By.cssSelector(".tfoot");
    page.awaitText(foot, "100 found in 100 messages, there are more");
    page.click(By.cssSelector("[aria-label='Next page']"));
    page.awaitText(foot, "20 found in 20 messages");
    page.click(By.cssSelector("[aria-label='Previous page']"));
    page.awaitText(foot, "100 found");
    page.type(search, "key.77");
    page.awaitText(foot, "1 found in 120 messages");
    page.await("the search in the address", d -> page.address().contains("search=key.77"));
    page.click(By.xpath("//table//button[.='key.77x']"));
    page.await("the message in the address", d -> page.address().contains("message="));
    page.reload(page.address());
    page.awaitText(By.cssSelector(".viewer"), "key.77x");
    page.click(tick(1));
    page.click(Page.button("Delete messages\u2026"));
    page.click(LOSE);
    page.awaitText(TOASTS, "1 message deleted");
    page.awaitText("No message contains");
    page.type(search, "k");
    page.await("the search in the address", d -> page.address().endsWith("search=k"));
    page.await(
        "what is found", d -> page.find(By.cssSelector("main")).getText().contains(" found in "));
    page.driver().switchTo().activeElement().sendKeys("ey.nix");
    page.awaitText("No message contains “key.nix”");
    page.click(Page.button("Clear the search"));
    page.awaitText("119 wait");
    page.awaitText(By.cssSelector("table[aria-label='Delayed messages'] tbody"), "key.0x");
  }

  @Test
  void turnedPagesOfASearchAreInTheAddressAndBackLeadsToThem() throws Exception {
    delay(IntStream.range(0, 220).mapToObj(i -> i + "x").toArray(String[]::new));
    page.enter("#/exchanges/%2F/" + exchange + "/delayed?search=x");
    By foot = By.cssSelector(".tfoot");
    By previous = By.cssSelector("[aria-label='Previous page']");
    page.find(By.xpath("//table//button[.='key.0x']"));
    page.click(By.cssSelector("[aria-label='Next page']"));
    page.find(By.xpath("//table//button[.='key.100x']"));
    page.await("the place in the address", d -> page.address().contains("on="));
    String second = page.address();
    page.script("history.back()");
    page.find(By.xpath("//table//button[.='key.0x']"));
    assertThat(page.find(previous).isEnabled()).isFalse();
    page.script("history.forward()");
    page.find(By.xpath("//table//button[.='key.100x']"));
    page.awaitText(foot, "100 found in 100 messages, there are more");
    page.reload(second);
    page.find(By.xpath("//table//button[.='key.199x']"));
    page.click(previous);
    page.find(By.xpath("//table//button[.='key.0x']"));
  }

  @Test
  void aFurtherPageThatCannotBeHadLeavesTheListAndSaysWhy() throws Exception {
    delay(IntStream.range(0, 120).mapToObj(i -> i + "x").toArray(String[]::new));
    page.enter("#/exchanges/%2F/" + exchange + "/delayed?search=x");
    page.find(By.xpath("//table//button[.='key.0x']"));
    page.script(
        "const ask = fetch; window.fetch = (url, how) => String(url).includes('cursor=')"
            + " ? Promise.resolve(new Response('{\"error\":\"bad_request\",\"reason\":\"no luck\"}',"
            + " {status: 400})) : ask(url, how); window.mended = () => (window.fetch = ask);");
    By next = By.cssSelector("[aria-label='Next page']");
    page.click(next);
    page.awaitText(By.cssSelector(".callout"), "no luck");
    page.find(By.xpath("//table//button[.='key.0x']"));
    page.script("window.mended()");
    page.click(next);
    page.find(By.xpath("//table//button[.='key.119x']"));
    page.awaitGone(By.cssSelector(".callout"));
    page.click(By.cssSelector("[aria-label='Previous page']"));
    page.find(By.xpath("//table//button[.='key.0x']"));
  }

  @Test
  void anAddressFromBeforeARestartSaysSoAndLeadsToTheBeginning() throws Exception {
    expectComplaint("400");
    delay("a");
    page.enter("#/exchanges/%2F/" + exchange + "/delayed?search=key&on=0:1@x");
    page.awaitText("from before a restart");
    page.click(Page.button("Search from the beginning"));
    page.find(By.xpath("//table//button[.='key.a']"));
    page.await("the beginning", d -> !page.address().contains("on="));
  }

  @Test
  void anExportKeepsHeadersAsTheyWereSent() throws Exception {
    channel.basicPublish(
        exchange,
        "",
        properties()
            .headers(Map.of("x-delay", 7_200_000, "large", 9_007_199_254_740_993L, "half", 1.0))
            .build(),
        bytes("y".repeat(100_000)));
    channel.waitForConfirmsOrDie(10_000);
    enter();
    page.awaitText("1 waits");
    page.click(Page.button("Delete all messages\u2026"));
    page.click(Page.button("Export the messages first"));
    page.await("the file", d -> file(exchange).exists());
    String text = Files.readString(file(exchange).toPath());
    assertThat(file(exchange).delete()).isTrue();
    assertThat(text).contains("9007199254740993", "\"half\": 1.0", "\"header_types\"");
    assertThat(new ObjectMapper().readTree(text).at("/0/payload").textValue()).hasSize(100_000);
    page.click(Page.button("Keep messages"));
  }

  @Test
  void anExportThatLacksContentsIsNotSaved() throws Exception {
    delay("a");
    enter();
    page.awaitText("1 waits");
    page.click(Page.button("Delete all messages\u2026"));
    page.script(
        "const ask = fetch; window.fetch = async (url, how) => String(url).includes('cursor=')"
            + " ? new Response((await (await ask(url, how)).text())"
            + ".replace('\"whole\":true', '\"whole\":false')) : ask(url, how);");
    page.click(Page.button("Export the messages first"));
    page.awaitText(TOASTS, "1 message of " + exchange + " can't be read back from the store");
    assertThat(file(exchange)).doesNotExist();
    page.click(Page.button("Keep messages"));
  }

  @Test
  void whatGoesWithTheExchangeOrItsVirtualHostMayBeSavedFirst() throws Exception {
    delay("a", "b");
    enter();
    page.awaitText("2 wait");
    page.act("Delete exchange\u2026");
    page.click(Page.button("Export the messages first"));
    assertThat(HttpAnswer.column(saved(exchange), "payload")).containsExactly("a", "b");
    page.click(Page.button("Keep exchange"));
    page.click(tick(2));
    page.click(Page.button("Delete messages\u2026"));
    page.click(Page.button("Export the messages first"));
    assertThat(HttpAnswer.column(saved(exchange), "payload")).containsExactly("b");
    page.click(Page.button("Keep messages"));
    page.open("#/vhosts/%2F");
    page.click(Page.button("Delete virtual host…"));
    page.click(Page.button("Export the messages first"));
    JsonNode all = saved("default");
    assertThat(HttpAnswer.column(all, "exchange")).contains(exchange);
    page.click(Page.button("Keep virtual host"));
  }

  private static File file(String name) {
    return Browser.downloads().resolve(name + ".messages.json").toFile();
  }

  private JsonNode saved(String name) throws Exception {
    page.await("the file", d -> file(name).exists());
    JsonNode messages = new ObjectMapper().readTree(file(name));
    assertThat(file(name).delete()).isTrue();
    return messages;
  }

  @Test
  void searchOverAllLeadsToWhereItWaits() throws Exception {
    delay("a", "b");
    page.enter("#/messages?in=queues&q=key.b%20exchange:" + exchange);
    page.awaitText("1 found in");
    page.click(By.cssSelector("tr.msgrow .linkbtn"));
    page.awaitText(By.cssSelector(".viewer"), "x-delay");
    page.click(By.linkText(exchange));
    page.awaitText("2 wait");
  }

  @Test
  void onAPhoneARowIsACardOfTwoLines() throws Exception {
    page.width(390, 844);
    delay("a");
    enter();
    page.awaitText("1 waits");
    By cell = By.cssSelector("tr.msgrow > td.c-st");
    page.awaitText(cell, "a");
    int key = page.find(By.cssSelector("tr.msgrow .linkbtn")).getLocation().getY();
    assertThat(page.find(By.cssSelector("tr.msgrow > td.c-ready")).getLocation().getY())
        .isCloseTo(key, within(12));
    assertThat(page.find(cell).getLocation().getY()).isGreaterThan(key + 10);
    assertThat(page.contentWidth()).isLessThanOrEqualTo(390);
  }
}
