package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.Rectangle;
import org.openqa.selenium.interactions.Actions;

/**
 * What a phone, and a laptop at twice the size, can do: select rows, and close with the browser's
 * Back what covers the page.
 */
class PagePhoneTest extends PageTest {
  private static final By BAR = By.cssSelector(".bulk");
  private static final By MESSAGE = By.cssSelector(".viewer h2");
  private static final By SHEET = By.cssSelector(".slide");
  private static final By ALL = By.cssSelector(".sortby [aria-label='Select all']");

  /** Sides of what a finger hits to select one of the rows, or all, that are shown; the least. */
  private static final String LEAST_TARGET =
      """
      return Math.min(...[...document.querySelectorAll("main .hit")]
        .map(hit => hit.getBoundingClientRect()).filter(box => box.width > 0)
        .flatMap(box => [box.width, box.height]));
      """;

  private void phone() {
    page.width(390, 844);
  }

  private static By tick(String table, int row) {
    return By.xpath(
        "//table[@aria-label='" + table + "']/tbody/tr[" + row + "]//label[@class='hit']");
  }

  private static By key(int row) {
    return By.xpath("//table/tbody/tr[" + row + "]//button[contains(@class,'linkbtn')]");
  }

  private void back() {
    page.driver().navigate().back();
  }

  private void publishMany(String queue) throws Exception {
    fill(queue, IntStream.rangeClosed(1, 40).mapToObj(i -> "m" + i).toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"390, 844", "720, 450"})
  void queuesAreSelectedOneByOneAndAllAndPurged(int width, int height) throws Exception {
    List<String> queues = List.of(newQueue(), newQueue(), newQueue());
    for (String queue : queues) {
      fill(queue, "m");
    }
    String prefix = queues.get(0).substring(0, queues.get(0).lastIndexOf('-'));
    page.width(width, height);
    page.enter("#/queues?sort=name&dir=up&f=" + prefix);
    page.click(tick("Queues", 1));
    page.awaitText(BAR, "1 selected");
    page.click(tick("Queues", 3));
    page.awaitText(BAR, "2 selected");
    assertThat((Number) page.script(LEAST_TARGET)).isEqualTo(40L);
    Rectangle bar = page.find(BAR).getRect();
    Rectangle tabs = page.find(By.cssSelector(".tabbar")).getRect();
    assertThat(bar.getY() + bar.getHeight()).isEqualTo(tabs.getY());
    page.click(ALL);
    page.awaitText(BAR, "3 selected");
    page.click(tick("Queues", 2));
    page.awaitText(BAR, "2 selected");
    assertThat(page.contentWidth()).isLessThanOrEqualTo(width);
    assertThat(page.lowContrast()).isEmpty();
    page.click(Page.button("Purge queues…"));
    page.type(By.id("typed"), "purge 2");
    page.click(By.cssSelector("dialog .danger-fill"));
    page.awaitGone(By.cssSelector("dialog"));
    Awaitility.await().until(() -> ready(queues.get(0)) + ready(queues.get(2)) == 0);
    assertThat(ready(queues.get(1))).isEqualTo(1);
  }

  @Test
  void messagesAreSelectedAndDeleted() throws Exception {
    String queue = newQueue();
    fill(queue, "one", "two", "three");
    phone();
    page.enter("#/queues/%2F/" + queue);
    page.click(tick("Messages", 2));
    page.awaitText(BAR, "1 selected");
    assertThat((Number) page.script(LEAST_TARGET)).isEqualTo(40L);
    page.click(ALL);
    page.awaitText(BAR, "3 selected");
    page.click(tick("Messages", 1));
    page.awaitText(BAR, "2 selected");
    page.click(Page.button("Delete…"));
    page.click(Page.button("Delete 2 messages"));
    Awaitility.await().until(() -> ready(queue) == 1);
  }

  @Test
  void backClosesWhatIsRedrivenAndAllActsOnMessagesAreSeen() throws Exception {
    String queue = newQueue();
    publishMany(queue);
    phone();
    page.enter("#/queues/%2F/" + queue);
    page.click(tick("Messages", 1));
    Rectangle delete = page.find(Page.button("Delete…")).getRect();
    assertThat(delete.getX() + delete.getWidth()).isLessThanOrEqualTo(390);
    page.click(Page.button("Redrive"));
    By panel = By.cssSelector(".list > .sheet");
    page.awaitText(panel, "Redrive 1 message");
    page.await("an entry of its own", d -> depth() == 1);
    assertThat((Boolean) page.script(IS_IN_WINDOW, page.find(panel))).isTrue();
    assertThat(page.lowContrast()).isEmpty();
    back();
    page.awaitGone(panel);
    page.awaitText(BAR, "1 selected");
    page.awaitHeading(queue);
  }

  private static final String IS_IN_WINDOW =
      """
      const box = arguments[0].getBoundingClientRect();
      return box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
      """;

  @Test
  void connectionsAreSelectedAndClosed() throws Exception {
    String client = name("phoned");
    keep(factory().newConnection(client));
    phone();
    page.enter("#/connections");
    By card = By.xpath("//table/tbody/tr[.//a[.='" + client + "']]");
    page.click(By.xpath("//table/tbody/tr[.//a[.='" + client + "']]//label[@class='hit']"));
    page.awaitText(BAR, "1 selected");
    assertThat((Number) page.script(LEAST_TARGET)).isEqualTo(40L);
    page.click(Page.button("Close connections…"));
    page.click(By.cssSelector("dialog .danger-fill"));
    page.awaitGone(card);
    page.awaitGone(BAR);
  }

  /** A queue of many messages, behind the list of queues. */
  private String openedOnAPhone() throws Exception {
    String queue = newQueue();
    publishMany(queue);
    phone();
    page.enter("#/queues");
    page.open("#/queues/%2F/" + queue);
    return queue;
  }

  @Test
  void backClosesTheMessageAndComesBackToItsPlaceInTheList() throws Exception {
    String queue = openedOnAPhone();
    page.click(tick("Messages", 30));
    page.awaitText(BAR, "1 selected");
    long place = place();
    assertThat(place).isGreaterThan(500);
    page.click(key(30));
    page.awaitText(MESSAGE, "Message 30");
    assertThat(page.address()).contains("message=");
    page.click(By.cssSelector("[aria-label=Next]"));
    page.awaitText(MESSAGE, "Message 31");
    back();
    page.awaitGone(MESSAGE);
    page.await("its place", d -> place() == place);
    page.awaitAddress("#/queues/%2F/" + queue);
    page.awaitText(BAR, "1 selected");
    back();
    page.awaitHeading("Queues");
  }

  private long place() {
    return ((Number) page.script("return Math.round(scrollY)")).longValue();
  }

  @Test
  void messageThatIsClosedByItsButtonOrEscapeLeavesNothingForBackToClose() throws Exception {
    String queue = openedOnAPhone();
    page.click(key(20));
    page.awaitText(MESSAGE, "Message 20");
    page.click(By.cssSelector(".viewer [aria-label=Close]"));
    page.awaitGone(MESSAGE);
    page.await("the list's entry", d -> depth() == 0);
    page.await("its place", d -> place() > 200);
    page.script("arguments[0].focus()", page.find(key(3)));
    page.press(Keys.ENTER);
    page.awaitText(MESSAGE, "Message 3");
    page.press(Keys.ESCAPE);
    page.awaitGone(MESSAGE);
    page.await(
        "the focus on its row", d -> d.findElement(key(3)).equals(d.switchTo().activeElement()));
    page.await("the list's entry", d -> depth() == 0);
    back();
    page.awaitHeading("Queues");
  }

  private long depth() {
    return (Long) page.script("return history.state?.covers ?? 0");
  }

  @Test
  void addressOfAMessageHasItsListBelow() throws Exception {
    String queue = newQueue();
    publishMany(queue);
    phone();
    page.enter("#/queues/%2F/" + queue);
    page.click(key(7));
    page.await("its address", d -> page.address().contains("message="));
    page.reload(page.address());
    page.awaitText(MESSAGE, "Message 7");
    page.await("an entry of its own", d -> depth() == 1);
    back();
    page.awaitGone(MESSAGE);
    page.awaitAddress("#/queues/%2F/" + queue);
  }

  @Test
  void backClosesFormsAndDialogsOneByOne() throws Exception {
    String queue = openedOnAPhone();
    page.click(key(2));
    page.awaitText(MESSAGE, "Message 2");
    page.click(By.cssSelector("[aria-label='Edit and send a copy']"));
    page.find(SHEET);
    page.await("two entries", d -> depth() == 2);
    back();
    page.awaitGone(SHEET);
    page.awaitText(MESSAGE, "Message 2");
    back();
    page.awaitGone(MESSAGE);
    page.act("Purge queue…");
    page.find(By.cssSelector("dialog[open]"));
    page.await("an entry", d -> depth() == 1);
    back();
    page.awaitGone(By.cssSelector("dialog"));
    page.awaitHeading(queue);
    assertThat(ready(queue)).isEqualTo(40);
    back();
    page.awaitHeading("Queues");
  }

  @Test
  void formThatIsSentOrCancelledLeavesNothingForBackToClose() throws Exception {
    String queue = name("declared");
    phone();
    page.enter("#/exchanges");
    page.open("#/queues");
    page.click(Page.button("Declare a queue"));
    page.type(Page.field("Name"), queue);
    page.click(Page.submit());
    page.awaitGone(SHEET);
    page.await("the list's entry", d -> depth() == 0);
    page.click(Page.button("Declare a queue"));
    page.click(Page.button("Cancel"));
    page.awaitGone(SHEET);
    page.await("the list's entry", d -> depth() == 0);
    channel.queueDelete(queue);
    back();
    page.awaitHeading("Exchanges");
  }

  @Test
  void whatIsChosenInTheJumpBoxTakesItsPlaceInTheHistory() throws Exception {
    String queue = newQueue();
    phone();
    page.enter("#/exchanges");
    page.awaitHeading("Exchanges");
    page.click(By.cssSelector("button.jump"));
    page.find(By.cssSelector(".jumpbox"));
    page.await("an entry", d -> depth() == 1);
    back();
    page.awaitGone(By.cssSelector(".jumpbox"));
    page.click(By.cssSelector("button.jump"));
    page.find(By.cssSelector(".jumpbox"));
    page.await("an entry", d -> depth() == 1);
    page.press(queue);
    page.awaitText(By.cssSelector("#hits [aria-selected=true]"), queue);
    page.press(Keys.ENTER);
    page.awaitHeading(queue);
    back();
    page.awaitHeading("Exchanges");
  }

  @Test
  void backClosesWhatWasFoundDroppedOrTold() throws Exception {
    String exchange = newExchange("direct");
    String queue = newQueue(exchange, "kept");
    http.put("/dev/stories/%2F", Map.of()).isEmpty(204);
    try {
      channel.confirmSelect();
      publish(exchange, "kept", queue);
      publish(exchange, "lost", queue);
      channel.waitForConfirmsOrDie(10_000);
      phone();
      page.enter("");
      for (String where :
          List.of(
              "#/messages?q=" + queue + "&in=queues",
              "#/messages?q=" + queue + "&in=stories",
              "#/exchanges/%2F/" + exchange + "/dropped")) {
        page.reload(where);
        page.click(key(1));
        page.find(MESSAGE);
        page.await("an entry of its own", d -> depth() == 1);
        back();
        page.awaitGone(MESSAGE);
        page.await(where, d -> page.address().startsWith(where.substring(0, where.length() - 10)));
        assertThat(page.address()).doesNotContain("message=").doesNotContain("id=");
      }
    } finally {
      http.delete("/dev/stories/%2F").isEmpty(204);
    }
  }

  @Test
  void phoneThatIsTurnedKeepsNoEntryOfWhatIsClosed() throws Exception {
    String queue = newQueue();
    publishMany(queue);
    phone();
    page.enter("#/queues");
    page.awaitHeading("Queues");
    page.open("#/queues/%2F/" + queue);
    page.awaitHeading(queue);
    page.click(key(2));
    page.awaitText(MESSAGE, "Message 2");
    page.await("an entry of its own", d -> depth() == 1);
    page.width(844, 390);
    page.click(By.cssSelector(".viewer [aria-label=Close]"));
    page.awaitGone(MESSAGE);
    page.await("the list's entry", d -> depth() == 0);
    page.click(key(3));
    page.awaitText(MESSAGE, "Message 3");
    assertThat(depth()).isZero();
    back();
    page.awaitHeading("Queues");
  }

  @Test
  void besideItsListAMessageHasNoEntryOfItsOwn() throws Exception {
    String queue = newQueue();
    publishMany(queue);
    page.enter("#/queues");
    page.open("#/queues/%2F/" + queue);
    page.click(key(2));
    page.awaitText(MESSAGE, "Message 2");
    assertThat(depth()).isZero();
    back();
    page.awaitHeading("Queues");
  }

  @Test
  void findingIsMendedOrHiddenByItsMenu() throws Exception {
    String exchange = newExchange("direct");
    channel.confirmSelect();
    publish(exchange, "lost", "m");
    channel.waitForConfirmsOrDie(10_000);
    phone();
    page.enter("#/");
    String row = "//*[contains(@class,'finding')][.//a[contains(.,'" + exchange + "')]]";
    By menu = By.xpath(row + "//button[@aria-haspopup]");
    page.click(menu);
    page.click(By.xpath("//*[@role='menuitem'][normalize-space()='Bind a queue']"));
    page.awaitText(SHEET, exchange);
    back();
    page.awaitGone(SHEET);
    page.click(menu);
    page.click(By.xpath("//*[@role='menuitem'][normalize-space()='Hide until it gets worse']"));
    page.awaitGone(By.xpath(row));
    page.click(Page.button("1 hidden"));
    page.find(By.xpath(row));
  }

  @Test
  void columnsThatAreChosenAreLinesOfTheCards() throws Exception {
    String queue = newQueue();
    phone();
    page.enter("#/queues?f=" + queue);
    page.find(Page.row("Queues", queue));
    page.click(Page.button("Columns"));
    page.click(Page.column("Node"));
    page.awaitText(Page.row("Queues", queue), "rabbit@");
    assertThat(page.contentWidth()).isLessThanOrEqualTo(390);
    page.script("localStorage.removeItem('harvey.queueColumns')");
  }

  @Test
  void wholeCardOpensItsQueueButTheTickDoesNot() throws Exception {
    String queue = newQueue();
    phone();
    page.enter("#/queues?f=" + queue);
    page.click(tick("Queues", 1));
    page.awaitText(BAR, "1 selected");
    page.awaitHeading("Queues");
    new Actions(page.driver())
        .moveToElement(page.find(By.cssSelector("table[aria-label=Queues] td.c-rate")))
        .click()
        .perform();
    page.awaitHeading(queue);
  }

  @ParameterizedTest
  @CsvSource({"390", "1440"})
  void dryRunTellsWhyABindingDoesNotMatchWithoutAPointer(int width) throws Exception {
    String exchange = newExchange("topic");
    String queue = newQueue(exchange, "order.*.created");
    page.width(width, 800);
    page.enter("#/topology?exchange=" + exchange + "&key=order.eu.paid");
    By summary = By.cssSelector(".whynot summary");
    page.awaitText(summary, "Why not 1 other binding");
    page.script("arguments[0].focus()", page.find(summary));
    page.press(Keys.ENTER);
    page.awaitText(By.cssSelector(".whynot"), queue + ": wants created as third word");
  }

  /** Whether both ends of the open menu are seen, which is longer than its list. */
  private static final String MENU_IS_WHOLE =
      """
      const menu = document.querySelector(".menu .items");
      const box = menu.getBoundingClientRect();
      const seen = y => menu.contains(document.elementFromPoint(box.left + 20, y));
      return seen(box.top + 8) && seen(box.bottom - 8);
      """;

  @ParameterizedTest
  @CsvSource({"390", "1440"})
  void menuOfTheLastRowIsWhole(int width) {
    page.width(width, 844);
    page.enter("#/users?f=guest");
    page.click(By.cssSelector("td .menu > button"));
    page.await("a menu", d -> !d.findElements(By.cssSelector(".menu .items")).isEmpty());
    assertThat(page.script(MENU_IS_WHOLE)).isEqualTo(true);
    assertThat(page.contentWidth()).isLessThanOrEqualTo(width);
  }
}
