package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

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
    page.awaitText(dialog, "Jump to a queue, exchange, client or page");
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

  /** Red, green and blue of what is behind the page, added. */
  private long brightness() {
    return (Long)
        page.script(
            "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)"
                + ".reduce((sum, part) => sum + Number(part), 0)");
  }
}
