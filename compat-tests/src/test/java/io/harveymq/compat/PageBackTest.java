package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** What the browser's Back undoes within a page. */
class PageBackTest extends PageTest {
  /**
   * As if there had been no change for a while, so that the next one has an entry of its own in the
   * browser's history; those that follow it belong to it, however long they take.
   */
  private void settle() {
    page.script("const at = Date.now() + 2_000; Date.now = () => at;");
  }

  private void back() {
    page.driver().navigate().back();
  }

  @Test
  void backUndoesAChangeOfTheTimeRangeAndAZoomAndLeavesTheChart() throws Exception {
    String address = "#/queues/%2F/" + newQueue() + "/charts";
    By whole = Page.button("Show whole span");
    page.enter(address);
    page.await(
        "a chart",
        d -> page.script("return !!document.querySelector('h-chart')?.chart").equals(true));
    page.script("window.chart = document.querySelector('h-chart').chart");
    settle();
    page.click(Page.button("1 h"));
    page.awaitAddress(address + "?span=3600000");
    settle();
    page.click(Page.button("1 min"));
    page.awaitAddress(address + "?span=60000");
    settle();
    zoomByKeys();
    page.find(whole);
    back();
    page.awaitGone(whole);
    page.awaitAddress(address + "?span=60000");
    back();
    page.awaitAddress(address + "?span=3600000");
    page.find(By.xpath("//*[@aria-label='Time range']//button[.='1 h'][@aria-pressed='true']"));
    back();
    page.awaitAddress(address);
    page.find(By.xpath("//*[@aria-label='Time range']//button[.='10 min'][@aria-pressed='true']"));
    assertThat(page.script("return window.chart === document.querySelector('h-chart').chart"))
        .as("the same page as before")
        .isEqualTo(true);
    page.driver().navigate().forward();
    page.find(By.xpath("//*[@aria-label='Time range']//button[.='1 h'][@aria-pressed='true']"));
  }

  private void zoomByKeys() {
    page.script("document.querySelector('h-chart canvas').focus()");
    page.await(
        "what takes its keys",
        d -> page.script("return document.querySelector('h-chart').hands !== null").equals(true));
    page.press(Keys.HOME);
    new Actions(page.driver()).keyDown(Keys.SHIFT).sendKeys(Keys.END).keyUp(Keys.SHIFT).perform();
    page.press(Keys.ENTER);
  }

  @Test
  void backUndoesAFilterAsAWholeAndAnOrder() throws Exception {
    String queue = newQueue();
    By filter = By.cssSelector("main .tools input[type=search]");
    By sorted = By.xpath("//th[@aria-sort][starts-with(normalize-space(), 'Name')]");
    page.enter("#/exchanges");
    page.awaitHeading("Exchanges");
    page.open("#/queues");
    page.find(By.linkText(queue));
    settle();
    page.click(By.xpath("//th//button[starts-with(normalize-space(), 'Name')]"));
    page.find(sorted);
    String ordered = page.address();
    settle();
    page.type(filter, queue);
    page.await("the filter", d -> page.address().contains("f=" + queue));
    back();
    page.awaitAddress(ordered);
    page.find(sorted);
    assertThat(page.find(filter).getDomProperty("value")).isEmpty();
    back();
    page.awaitAddress("#/queues");
    page.awaitGone(sorted);
    back();
    page.awaitHeading("Exchanges");
  }

  @Test
  void backTurnsThePageOfAListBackWithoutBlankingIt() throws Exception {
    for (int i = 0; i < 60; i++) {
      connection.createChannel();
    }
    page.enter("#/channels");
    page.click(By.cssSelector("main .tfoot [aria-label='Next page']"));
    page.await("the second page", d -> page.address().contains("page=2"));
    page.script(WATCH_FOR_SKELETONS);
    back();
    page.awaitAddress("#/channels");
    page.find(By.cssSelector("main .tfoot [aria-label='Next page']"));
    assertThat(page.script("return window.skeletons")).isEqualTo(0L);
  }

  /** Counts how often rows are missing. */
  private static final String WATCH_FOR_SKELETONS =
      """
      window.skeletons = 0;
      new MutationObserver(() => (window.skeletons += document.querySelectorAll("main .skeleton").length))
        .observe(document.querySelector("main"), { childList: true, subtree: true });
      """;
}
