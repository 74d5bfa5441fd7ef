package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.Rectangle;
import org.openqa.selenium.interactions.Actions;

/**
 * Every page of a busy broker at a desk's width and at a phone's: nothing is wider than the window.
 * Pictures of some of them are left in {@code target/screenshots}. The system property {@code
 * harvey.test.demo.orders} says after how many orders, 40 a second; those of the documentation are
 * the dark ones of 1440 px after 2400.
 */
@Timeout(300)
class PageLayoutTest extends PageTest {
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final int ORDERS = Integer.getInteger("harvey.test.demo.orders", 100);
  private static final int PHONE = 390;

  /** How many charts have lines. */
  private static final String DRAWN =
      "return [...document.querySelectorAll('h-chart')].filter(c => c.chart).length";

  /** By how much one can scroll past the end of the page when charts have much to tell. */
  private static final String BELOW =
      """
      for (const rows of document.querySelectorAll("table.sr tbody")) {
        for (let i = 0; i < 200; i++) rows.insertRow().insertCell().append("a point");
      }
      return document.scrollingElement.scrollHeight
        - Math.max(innerHeight, document.querySelector(".app").offsetHeight);
      """;

  private static final String FILLED =
      "return [...document.querySelectorAll('h-chart')]"
          + ".filter(c => c.chart?.data.datasets.some(d => d.data.length > 1)).length";

  private static PageBroker broker;
  private static PageDemo demo;

  @BeforeAll
  @Timeout(900)
  static void startShop() throws Exception {
    Files.createDirectories(PICTURES);
    broker = PageBroker.start();
    demo = new PageDemo(broker);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60L + ORDERS / 30))
        .until(() -> demo.published() >= ORDERS);
  }

  @AfterAll
  static void stopShop() throws Exception {
    if (demo != null) {
      demo.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  /** Addresses by the names of their pictures, each with a text that shows that it is drawn. */
  private static Map<String, List<String>> pictured() {
    Map<String, List<String>> pages = new LinkedHashMap<>();
    pages.put("overview", List.of("#/?span=60000", "Busiest queues"));
    pages.put("queues", List.of("#/queues", "billing.dead"));
    pages.put("queue", List.of("#/queues/%2F/reports", "order.us.paid"));
    pages.put("exchange", List.of("#/exchanges/%2F/orders", "order.*.paid"));
    pages.put("topology", List.of("#/topology", "billing"));
    pages.put("messages", List.of("#/messages?q=key:paid", "order.us.paid"));
    pages.put("tools", List.of("#/test/wait", "In a test"));
    pages.put("clients", List.of("#/connections", "web-shop"));
    pages.put("admin", List.of("#/users", "guest"));
    return pages;
  }

  @ParameterizedTest
  @CsvSource({"light, 1440, 960", "dark, 1440, 960", "light, 390, 844", "dark, 390, 844"})
  void pagesFitAndArePictured(String theme, int width, int height) throws Exception {
    page = new Page(Browser.driver(), broker.uri());
    page.width(width, height);
    page.script("localStorage.setItem('harvey.theme', arguments[0])", theme);
    page.enter("#/");
    for (Map.Entry<String, List<String>> one : pictured().entrySet()) {
      page.reload(one.getValue().get(0));
      page.awaitText(By.id("main"), one.getValue().get(1));
      if (one.getKey().equals("queue") && width > PHONE) {
        page.click(By.xpath("//table[@aria-label='Messages']/tbody/tr[1]//button"));
        page.awaitText(By.cssSelector(".viewer"), "\"currency\": \"EUR\"");
      }
      if (one.getKey().equals("overview")) {
        page.await("charts with curves", d -> page.script(FILLED).equals(2L));
      }
      settle();
      take(one.getKey() + "-" + theme + "-" + width);
      assertThat(page.contentWidth()).as(one.getKey()).isLessThanOrEqualTo(width);
      assertThat(page.lowContrast()).as(one.getKey()).isEmpty();
      assertThat((Long) page.script(BELOW)).as("below " + one.getKey()).isLessThan(2);
    }
  }

  @Test
  void draggingOverAChartLooksCloserOnAllChartsUntilTheWholeSpanIsAskedFor() {
    page = new Page(Browser.driver(), broker.uri());
    page.enter("#/?span=60000");
    By canvas = By.cssSelector("h-chart canvas");
    page.await("charts that are drawn", d -> page.script(DRAWN).equals(2L));
    new Actions(page.driver())
        .moveToElement(page.find(canvas), -60, 0)
        .clickAndHold()
        .moveByOffset(120, 0)
        .release()
        .perform();
    By whole = Page.button("Show whole span");
    page.await("two charts looked at closely", d -> d.findElements(whole).size() == 2);
    page.click(whole);
    page.awaitGone(whole);
  }

  @Test
  void paleTextIsFound() {
    page = new Page(Browser.driver(), broker.uri());
    page.enter("#/start");
    page.awaitText("Connect your code");
    assertThat(page.lowContrast()).isEmpty();
    page.script("document.querySelector('h1').style.color = '#aaa'");
    assertThat(page.lowContrast()).singleElement().asString().contains("Harvey is ready");
  }

  @Test
  void paleTextUnderThePointerIsFoundAndOnChartsAndWhatIsCutOff() {
    page = new Page(Browser.driver(), broker.uri());
    page.enter("#/");
    page.await("charts with curves", d -> page.script(FILLED).equals(2L));
    page.script("document.styleSheets[0].insertRule('h1:hover { color: #aaa }')");
    assertThat(page.lowContrast()).isEmpty();
    page.script(PageAudit.POINT_AT_ALL, true);
    assertThat(page.lowContrast()).singleElement().asString().contains("Overview");
    page.script(PageAudit.POINT_AT_ALL, false);
    assertThat(page.lowContrast()).isEmpty();
    page.script("document.querySelector('h-chart').paint.muted = '#aaa'");
    assertThat(page.lowContrast())
        .isNotEmpty()
        .allMatch(flaw -> flaw.endsWith("chart Messages in queues"));
    assertThat((List<?>) page.script(PageAudit.CUT_OFF)).isEmpty();
    page.script(
        "Object.assign(document.querySelector('h1').style, { width: '40px', overflow: 'hidden', overflowWrap: 'normal' })");
    assertThat((List<?>) page.script(PageAudit.CUT_OFF))
        .singleElement()
        .asString()
        .contains("Overview");
  }

  @ParameterizedTest
  @CsvSource({"light", "dark"})
  void textOfTheLoginCanBeRead(String theme) {
    page = new Page(Browser.driver(), broker.uri());
    page.open("#/login");
    page.find(Page.field("Password"));
    page.script("localStorage.setItem('harvey.theme', arguments[0])", theme);
    page.reload("");
    page.find(Page.field("Password"));
    assertThat(page.lowContrast()).isEmpty();
    page.type(Page.field("User"), "nobody");
    page.type(Page.field("Password"), "wrong");
    expectComplaint("401 (Unauthorized)");
    page.click(Page.button("Log in"));
    page.awaitText("Login refused");
    assertThat(page.lowContrast()).isEmpty();
  }

  @Test
  void formsFitOnAPhone() throws Exception {
    page = new Page(Browser.driver(), broker.uri());
    page.width(PHONE, 844);
    page.enter("#/queues");
    page.click(Page.button("Declare a queue"));
    page.type(Page.field("Name"), PageScene.LONG);
    take("declare-light-390");
    assertThat(page.contentWidth()).isLessThanOrEqualTo(PHONE);
    assertThat(page.find(Page.submit()).getRect().getPoint().getX()).isBetween(0, PHONE);
  }

  @Test
  void chosenTabIsSeenOnAPhone() {
    page = new Page(Browser.driver(), broker.uri());
    page.width(PHONE, 844);
    page.enter("#/vhosts");
    page.open("#/node");
    page.awaitText("Feature flags");
    Rectangle chosen = page.find(By.cssSelector(".tabs [aria-current=page]")).getRect();
    assertThat(chosen.getX()).isPositive();
    assertThat(chosen.getX() + chosen.getWidth()).isLessThanOrEqualTo(PHONE);
  }

  /** Waits until the page has drawn its charts and nothing that it fetches is missing. */
  private void settle() {
    page.awaitGone(By.cssSelector(".skeleton"));
    page.script("return document.fonts.ready.then(() => true)");
  }

  private void take(String name) throws IOException {
    byte[] picture = page.driver().getScreenshotAs(OutputType.BYTES);
    assertThat(picture).isNotEmpty();
    Files.write(PICTURES.resolve(name + ".png"), picture);
  }
}
