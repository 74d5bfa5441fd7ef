package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

class PageKeyboardTest extends PageTest {
  private static final By JUMP = By.cssSelector(".jumpbox input");

  @Test
  void slashOpensTheJumpBoxAndEnterGoesToTheQueue() throws Exception {
    String queue = newQueue();
    page.enter("#/exchanges");
    page.press("/");
    page.find(JUMP);
    page.await("the focus", d -> d.switchTo().activeElement().equals(d.findElement(JUMP)));
    page.press(queue);
    page.awaitText(By.cssSelector("#hits [aria-selected=true]"), queue);
    page.press(Keys.ENTER);
    page.awaitHeading(queue);
    page.awaitGone(JUMP);
  }

  @Test
  void questionMarkListsTheKeysAndEscapeClosesTheList() {
    page.enter("#/queues");
    page.press("?");
    By dialog = By.cssSelector("dialog[open]");
    page.awaitText(dialog, "Jump to a queue, exchange, client, page or act");
    page.press(Keys.ESCAPE);
    page.awaitGone(dialog);
    page.awaitHeading("Queues");
  }

  @Test
  void gAndALetterGoToThePages() {
    page.enter("");
    page.press("gq");
    page.awaitHeading("Queues");
    page.press("gx");
    page.awaitHeading("Exchanges");
    page.press("gc");
    page.awaitHeading("Clients");
    page.press("ga");
    page.awaitHeading("Admin");
    page.press("go");
    page.awaitText(By.cssSelector("nav.rail [aria-current=page]"), "Overview");
  }

  @Test
  void lettersTypedIntoAnInputAreNoShortcuts() {
    page.enter("#/queues");
    page.press("f");
    By filter = By.cssSelector("main .tools input");
    page.await("the focus", d -> d.switchTo().activeElement().equals(d.findElement(filter)));
    page.press("gx?/t");
    page.await("the text", d -> "gx?/t".equals(d.findElement(filter).getDomProperty("value")));
    page.awaitHeading("Queues");
    assertThat(page.driver().findElements(JUMP)).isEmpty();
  }

  @Test
  void filterShowsWhatItFindsWhileThePointerRestsOnTheTable() throws Exception {
    String first = newQueue();
    String second = newQueue();
    page.enter("#/queues?f=" + first.substring(0, first.lastIndexOf('-')));
    new Actions(page.driver()).moveToElement(page.find(Page.row("Queues", first))).perform();
    page.awaitText(By.cssSelector(".tfoot"), "Order held");
    page.press("f");
    page.press(second.substring(second.lastIndexOf('-')));
    page.awaitGone(Page.row("Queues", first));
    page.find(Page.row("Queues", second));
  }

  @Test
  void rowsAreMarkedWithJAndOpenedWithEnter() throws Exception {
    String queue = newQueue();
    page.enter("#/queues?f=" + queue);
    page.find(Page.row("Queues", queue));
    page.press("j");
    page.find(By.cssSelector("tr.cur"));
    page.press(Keys.ENTER);
    page.awaitHeading(queue);
  }

  @Test
  void rowsOfAdministrationAreMarkedAndOpenedByKeys() {
    for (String[] list : new String[][] {{"#/vhosts", "/"}, {"#/users?f=guest", "guest"}}) {
      page.enter(list[0]);
      page.find(By.xpath("//table//a[.='" + list[1] + "']"));
      page.press("j");
      page.find(By.cssSelector("tr.cur"));
      page.press(Keys.ENTER);
      page.awaitHeading(list[1]);
      page = new Page(page.driver(), BrokerUnderTest.managementUri());
    }
  }

  @Test
  void themeSwitchesBetweenLightAndDarkAndIsKept() {
    page.enter("#/queues");
    page.script("localStorage.setItem('harvey.theme', 'light')");
    page.driver().navigate().refresh();
    page.awaitHeading("Queues");
    long light = brightness();
    page.press("t");
    page.await("a dark page", d -> brightness() < light);
    page.driver().navigate().refresh();
    page.awaitHeading("Queues");
    assertThat(brightness()).isLessThan(100);
    page.click(By.cssSelector("[aria-label='Light or dark']"));
    page.await("a light page", d -> brightness() == light);
    assertThat(light).isGreaterThan(600);
  }

  @Test
  void menuIsOpenedWalkedAndClosedByKeysAndNothingElseHearsThem() throws Exception {
    String queue = newQueue();
    page.enter("#/queues/%2F/" + queue + "/charts");
    By more = By.cssSelector("main .menu > button[aria-label='More acts']");
    page.await("the focus", d -> focus(more));
    page.press(Keys.ENTER);
    awaitFocus("Publish message");
    page.press(Keys.ARROW_UP);
    awaitFocus("Delete queue…");
    page.press(Keys.ARROW_DOWN);
    awaitFocus("Publish message");
    page.press(Keys.ESCAPE);
    page.awaitGone(By.cssSelector("[role=menu]"));
    assertThat(page.find(more)).isEqualTo(page.driver().switchTo().activeElement());
    assertThat(page.address()).endsWith("/charts");
  }

  @Test
  void whateverIsClosedGivesTheFocusBackToWhereItCameFrom() throws Exception {
    String queue = newQueue();
    page.enter("#/queues/%2F/" + queue);
    By more = By.cssSelector("main .menu > button[aria-label='More acts']");
    By publish = By.cssSelector("main .head .btn[title^='Publish']");
    page.await("the focus", d -> focus(publish));
    page.press(Keys.ENTER);
    awaitFocusIn(".slide");
    page.press(Keys.ESCAPE);
    awaitFocusOn(publish);
    page.press("/");
    awaitFocusIn(".jumpbox");
    page.press(Keys.ESCAPE);
    awaitFocusOn(publish);
    page.press("?");
    awaitFocusIn("dialog[open]");
    page.press(Keys.ESCAPE);
    awaitFocusOn(publish);
    page.await("the focus", d -> focus(more));
    page.press(Keys.ENTER);
    awaitFocus("Publish message");
    page.press(Keys.ARROW_UP, Keys.ENTER);
    awaitFocusIn("dialog[open]");
    awaitFocus("Keep queue");
    page.press(Keys.ENTER);
    awaitFocusOn(more);
    channel.queueDeclarePassive(queue);
  }

  @Test
  void numbersGoToTheTabsAndEscapeBackToTheList() throws Exception {
    String queue = newQueue();
    page.enter("#/queues/%2F/" + queue);
    for (String tab : new String[] {"Messages", "Bindings", "Consumers", "Charts", "Settings"}) {
      page.press(String.valueOf(1 + "MBCcS".indexOf(tab.equals("Charts") ? 'c' : tab.charAt(0))));
      page.awaitText(By.cssSelector(".tabs [aria-current=page]"), tab);
    }
    page.press("1");
    page.awaitText("No message here");
    page.press(Keys.ESCAPE);
    page.awaitHeading("Queues");
  }

  @Test
  void actsAreFoundInTheJumpBox() {
    page.enter("#/node");
    page.press("/");
    awaitFocusIn(".jumpbox");
    page.press("declare a q");
    page.awaitText(By.cssSelector("#hits [aria-selected=true]"), "Declare a queue");
    page.press(Keys.ENTER);
    page.awaitText(By.cssSelector(".slide h2"), "Declare a queue");
  }

  @Test
  void keysOfAMessageAndOfTheWholePage() throws Exception {
    String queue = newQueue();
    publish("", queue, "one");
    publish("", queue, "two");
    page.enter("#/queues/%2F/" + queue);
    page.awaitText("two");
    page.press("jj");
    page.awaitText(By.cssSelector(".viewer h2"), "Message 2");
    page.press("k");
    page.awaitText(By.cssSelector(".viewer h2"), "Message 1");
    page.press(" ");
    page.awaitText(By.cssSelector(".bulk"), "1 selected");
    page.press("r");
    page.find(By.cssSelector(".sheet"));
    page.press("e");
    page.awaitText(By.cssSelector(".slide h2"), "Edit and send a copy");
    page.press(Keys.ESCAPE);
    page.awaitGone(By.cssSelector(".slide"));
    page.press("u");
    page.awaitText(By.cssSelector(".slide h2"), "Publish to");
    page.press(Keys.ESCAPE);
    page.awaitGone(By.cssSelector(".slide"));
    page.press("p");
    page.awaitText(By.cssSelector(".topbar .live"), "Frozen");
    page.press("p");
    page.awaitText(By.cssSelector(".topbar .live"), "Live");
  }

  @Test
  void whatHasAKeySaysItInItsTooltip() throws Exception {
    String exchange = newExchange("topic");
    page.enter("#/queues");
    awaitTooltips("Filter (F)", "Declare a queue (N)", "Jump (/)", "Queues (G Q)");
    awaitTooltips("Freeze the page (P)", "Light or dark (T)", "Keyboard shortcuts (?)");
    page.open("#/exchanges/%2F/" + exchange + "/bindings");
    awaitTooltips("Publish (U)", "Bind (N)", "Bindings (1)");
    page.open("#/connections");
    awaitTooltips("Filter (F)", "Channels (2)");
    page.open("#/policies");
    awaitTooltips("Add a policy (N)");
  }

  private void awaitTooltips(String... titles) {
    for (String title : titles) {
      page.find(By.cssSelector("[title=\"" + title + "\"]"));
    }
  }

  @Test
  void noKeyDeletes() throws Exception {
    String queue = newQueue();
    publish("", queue, "kept");
    page.enter("#/queues?f=" + queue);
    page.find(Page.row("Queues", queue));
    page.press("j ");
    page.awaitText(By.cssSelector(".bulk"), "1 selected");
    for (CharSequence key : new CharSequence[] {Keys.DELETE, Keys.BACK_SPACE, "d", "x", "y", "r"}) {
      page.press(key);
    }
    assertThat(page.driver().findElements(By.cssSelector("dialog[open]"))).isEmpty();
    assertThat(channel.queueDeclarePassive(queue).getMessageCount()).isEqualTo(1);
  }

  @Test
  void orderIsHeldWhileTheKeyboardIsInTheTable() throws Exception {
    String first = newQueue();
    page.enter("#/queues?sort=name&dir=up&f=" + first.substring(0, first.lastIndexOf('-')));
    page.find(Page.row("Queues", first));
    page.press(Keys.TAB);
    page.await("the focus", d -> focus(By.linkText(first)));
    page.awaitText(By.cssSelector(".tfoot"), "Order held");
    String second = newQueue();
    page.awaitText(By.cssSelector(".tfoot"), "1 new");
    assertThat(page.driver().findElements(Page.row("Queues", second))).isEmpty();
    page.await("the focus", d -> focus(By.cssSelector("main .tools input")));
    page.find(Page.row("Queues", second));
  }

  private boolean focus(By by) {
    page.script("arguments[0].focus()", page.driver().findElement(by));
    return page.driver().findElement(by).equals(page.driver().switchTo().activeElement());
  }

  private void awaitFocus(String text) {
    page.await(
        "the focus on " + text, d -> d.switchTo().activeElement().getText().strip().equals(text));
  }

  private void awaitFocusOn(By by) {
    page.await("the focus on " + by, d -> d.findElement(by).equals(d.switchTo().activeElement()));
  }

  private void awaitFocusIn(String selector) {
    page.await(
        "the focus in " + selector,
        d -> page.script("return !!document.activeElement.closest(arguments[0])", selector));
  }

  /** Red, green and blue of what is behind the page, added. */
  private long brightness() {
    return (Long)
        page.script(
            "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)"
                + ".reduce((sum, part) => sum + Number(part), 0)");
  }

  @Test
  void rowsOfEveryTableAreWalkedWithJAndKAndEnterEditsThem() throws Exception {
    String vhost = name("limited");
    http.put("/vhosts/" + vhost, Map.of()).isEmpty(201);
    http.put("/vhost-limits/" + vhost + "/max-queues", Map.of("value", 77)).isEmpty(204);
    http.put("/user-limits/guest/max-channels", Map.of("value", 9000)).isEmpty(204);
    page.enter("#/limits");
    page.find(By.xpath("//td[.='77']"));
    page.find(By.xpath("//td[.='9,000']"));
    page.press("jjk");
    page.await("the focus", d -> d.switchTo().activeElement().getText().equals(vhost));
    page.press("j");
    page.await("the next table", d -> d.switchTo().activeElement().getText().equals("guest"));
    page.press("k", Keys.ENTER);
    page.awaitText(By.cssSelector(".slide"), "Set a limit of a virtual host");
    By value = Page.field("Value");
    page.await("the limit", d -> "77".equals(d.findElement(value).getDomProperty("value")));
    http.delete("/user-limits/guest/max-channels").isEmpty(204);
    http.delete("/vhosts/" + vhost).isEmpty(204);
  }

  @Test
  void rowsThatNothingOpensTakeTheFocusToo() {
    page.enter("#/node");
    page.awaitText("Feature flags");
    page.press("j");
    page.await(
        "the focus on a row",
        d -> page.script("return !!document.activeElement.closest('main tbody tr')"));
  }
}
