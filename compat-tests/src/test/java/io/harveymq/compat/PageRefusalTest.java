package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** What the page shows and asks while the broker refuses, is slow, or has very much. */
class PageRefusalTest extends PageTest {
  private static final By ROWS = By.cssSelector("tr.msgrow");
  private static final By DIALOG = By.cssSelector("dialog[open]");
  private static final String REFUSED = "{\"error\": \"refused\", \"reason\": \"not today\"}";
  private static final int NEVER = 0;

  /**
   * Answers the page's requests whose address has the part, and counts them.
   *
   * @param status {@link #NEVER} for no answer at all
   */
  private void answer(String part, int status, String body) {
    page.script(
        """
        const [part, status, body] = arguments;
        const own = window.fetch;
        window.signals = [];
        window.fetch = (where, options) => {
          if (!String(where).includes(part)) return own(where, options);
          window.signals.push(options.signal);
          return status ? Promise.resolve(new Response(body, { status })) : new Promise(() => {});
        };
        """,
        part,
        status,
        body);
  }

  private void go(String address) {
    page.script("location.hash = arguments[0]", address);
  }

  private long asked() {
    return (Long) page.script("return window.signals.length");
  }

  @Test
  void rightsToManyBindingsAreAskedForOnceSomebodyGetsNearThem() throws Exception {
    String exchange = newExchange("fanout");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "first");
    for (int i = 1; i < 600; i++) {
      channel.queueBind(channel.queueDeclare().getQueue(), exchange, "");
    }
    page.enter("#/more");
    answer("dev/rights", 200, "{\"configure\": true, \"write\": false, \"read\": true}");
    go("#/exchanges/%2F/" + exchange);
    page.await(
        "600 bindings",
        d -> page.script("return document.querySelectorAll('[aria-label=Unbind]').length === 600"));
    long before = asked();
    assertThat(before).isLessThan(10);
    By unbind = By.xpath("//tr[.//a[normalize-space()='" + queue + "']]//button");
    assertThat(Page.isOff(page.find(unbind))).isFalse();
    new Actions(page.driver()).moveToElement(page.find(unbind)).perform();
    page.await("a disabled button", d -> Page.isOff(d.findElement(unbind)));
    assertThat(page.find(unbind).getAttribute("title")).isEqualTo("needs write on " + queue);
    assertThat(asked()).isEqualTo(before + 1);
  }

  @Test
  void searchThatFailsShowsNoHitsOfTheOneBefore() throws Exception {
    fill(newQueue(), "needle");
    page.enter("#/messages");
    page.find(ROWS);
    answer("dev/messages", 503, REFUSED);
    page.type(By.cssSelector("[aria-label='Search messages']"), "other");
    page.awaitText("Not searched.");
    assertThat(page.driver().findElements(ROWS)).isEmpty();
    assertThat(page.find(By.tagName("main")).getText()).doesNotContain("found in");
  }

  @Test
  void searchThatIsOutdatedIsGivenUp() {
    page.enter("#/messages/live");
    answer("dev/messages", NEVER, "");
    go("#/messages");
    page.await("a search", d -> asked() == 1);
    page.type(By.cssSelector("[aria-label='Search messages']"), "more");
    page.await("its end", d -> page.script("return window.signals[0].aborted"));
  }

  @Test
  void tailSaysWhatItWatchesKeepsTheOrderAndEndsWithItsTab() throws Exception {
    String exchange = newExchange("fanout");
    page.enter("#/messages/live?exchange=" + exchange);
    page.awaitText("Watching exchange " + exchange);
    page.type(By.cssSelector("[aria-label=Name]"), "half-typed");
    publish(exchange, "first", "m");
    page.awaitText(ROWS, "first");
    page.awaitText("Watching exchange " + exchange);
    By freeze = By.cssSelector("button[aria-label='Freeze the page']");
    page.click(freeze);
    publish(exchange, "second", "m");
    page.click(freeze);
    page.await("what came meanwhile", d -> d.findElements(ROWS).size() == 2);
    publish(exchange, "third", "m");
    page.await("all", d -> d.findElements(ROWS).size() == 3);
    assertThat(page.driver().findElements(ROWS))
        .extracting(WebElement::getText)
        .satisfiesExactly(
            row -> assertThat(row).contains("first"),
            row -> assertThat(row).contains("second"),
            row -> assertThat(row).contains("third"));
    page.click(By.linkText("Search"));
    page.click(By.linkText("Live tail"));
    page.awaitText("No longer watching exchange " + exchange);
  }

  @Test
  void pauseThatIsRefusedIsNotShown() throws Exception {
    String queue = newQueue();
    page.enter("#/queues/%2F/" + queue);
    page.find(Page.button("Pause"));
    answer("/pause", 503, REFUSED);
    page.click(Page.button("Pause"));
    page.awaitText(By.cssSelector(".toasts"), "Not paused.");
    assertThat(page.driver().findElements(Page.button("Resume"))).isEmpty();
  }

  @Test
  void findingsThatAreNotKnownAreNotNothing() {
    page.enter("#/more");
    answer("dev/findings", 503, REFUSED);
    go("#/overview");
    page.awaitText(By.cssSelector("section[aria-label='Needs attention']"), "Not known.");
  }

  @Test
  void droppedMessagesThatMayNotBeSeenAreNotWaitedFor() throws Exception {
    String exchange = newExchange("fanout");
    page.enter("#/more");
    answer("dev/dropped", 401, "{\"error\": \"not_authorised\", \"reason\": \"Access refused.\"}");
    for (String address :
        List.of("#/exchanges/%2F/" + exchange + "/dropped", "#/messages/dropped")) {
      go("#/more");
      page.awaitHeading("More");
      go(address);
      page.awaitText("Not known what was dropped.");
    }
  }

  /** Opens what an exchange has dropped, which is one message; its name. */
  private String enterDropped() throws Exception {
    String exchange = newExchange("fanout");
    publish(exchange, "k", "m");
    page.enter("#/exchanges/%2F/" + exchange + "/dropped");
    return exchange;
  }

  @Test
  void droppedMessagesAreForgottenAfterAConfirmation() throws Exception {
    String exchange = enterDropped();
    page.click(Page.button("Forget messages…"));
    page.awaitText(DIALOG, "Forget what " + exchange + " dropped?");
    page.click(By.cssSelector("dialog[open] .keep"));
    page.awaitGone(DIALOG);
    page.awaitText("1 dropped since");
    page.click(Page.button("Forget messages…"));
    page.click(By.cssSelector("dialog[open] .danger-fill"));
    page.awaitText("Nothing was dropped");
  }

  @Test
  void droppedMessagesArePublishedAgainOnlyOnceAtATime() throws Exception {
    enterDropped();
    page.find(Page.button("Publish all messages again"));
    answer("/publish", NEVER, "");
    page.click(Page.button("Publish all messages again"));
    page.await(
        "a disabled button",
        d -> !d.findElement(Page.button("Publish all messages again")).isEnabled());
    assertThat(asked()).isEqualTo(1);
  }

  @Test
  void waitOfTheTestToolsEndsWithTheirPage() throws Exception {
    page.enter("#/test/wait?queue=" + newQueue());
    page.find(Page.button("Wait for queue"));
    answer("dev/wait", NEVER, "");
    page.click(Page.button("Wait for queue"));
    page.await("a wait", d -> asked() == 1);
    go("#/queues");
    page.await("its end", d -> page.script("return window.signals[0].aborted"));
  }
}
