package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/**
 * Names and contents that are markup: the page shows them as they are and makes nothing of them.
 */
class PageEscapingTest extends PageTest {
  private static final String MARKUP = "<img src=x onerror=alert(1)>";

  /** An alert would make every further step fail; markup would have become elements. */
  private void assertNothingMadeOfIt() {
    assertThat(page.driver().findElements(By.cssSelector("img, script:not([src]):not([type])")))
        .isEmpty();
    assertThat(page.driver().findElements(By.cssSelector("[onerror], b.made"))).isEmpty();
  }

  private String queue() throws Exception {
    String queue = name(MARKUP);
    channel.queueDeclare(queue, false, false, false, null);
    return queue;
  }

  @Test
  void markupInTheNameOfAQueueIsText() throws Exception {
    String queue = queue();
    channel.exchangeDeclare(name(MARKUP), "fanout");
    page.enter("#/queues");
    page.awaitText(By.cssSelector("table"), queue);
    assertNothingMadeOfIt();
    page.press("/");
    page.find(By.cssSelector(".jumpbox input"));
    page.press(queue);
    page.awaitText(By.id("hits"), queue);
    assertNothingMadeOfIt();
    for (String address : new String[] {"#/topology", "#/exchanges", "#/"}) {
      page.reload(address);
      page.awaitText(By.id("main"), MARKUP);
      assertNothingMadeOfIt();
    }
    page.open("#/queues/%2F/" + ManagementClient.segment(queue));
    page.awaitHeading(queue);
    page.act("Delete queue…");
    page.awaitText(By.cssSelector("dialog[open]"), queue);
    assertNothingMadeOfIt();
    page.click(By.cssSelector("dialog[open] .danger-fill"));
    page.awaitText(By.cssSelector(".toasts"), queue);
    assertNothingMadeOfIt();
  }

  @Test
  void namesThatAreWrittenFromRightToLeftTurnNothingRound() throws Exception {
    String queue = name("תור");
    channel.queueDeclare(queue, false, false, false, null);
    fill(queue, "m");
    page.enter("#/queues/%2F/" + ManagementClient.segment(queue));
    page.awaitHeading(queue);
    assertThat(page.driver().getTitle()).isEqualTo("\u2068" + queue + "\u2069 · Harvey");
    page.press("u");
    page.awaitText(By.cssSelector(".slide h2 bdi"), queue);
    page.press(Keys.ESCAPE);
    page.click(By.cssSelector("[aria-label='Select all on this page']"));
    page.click(Page.button("Delete…"));
    page.awaitText(By.cssSelector("dialog h2 bdi"), queue);
    page.click(By.cssSelector("dialog[open] .danger-fill"));
    page.awaitText(By.cssSelector(".toast bdi"), queue);
    page.act("Delete queue…");
    page.click(By.cssSelector("dialog[open] .danger-fill"));
    By told = By.xpath("//*[@class='toast'][contains(., 'is deleted')]");
    page.awaitText(told, "Queue " + queue + " is deleted");
    assertThat(page.find(told).findElement(By.tagName("bdi")).getText()).isEqualTo(queue);
    assertThat(page.find(told).findElement(By.tagName("a")).getDomAttribute("href"))
        .isEqualTo("#/queues");
  }

  @Test
  void markupInAMessageIsText() throws Exception {
    String queue = newQueue();
    String body = "<b class=made>body</b>" + MARKUP;
    channel.confirmSelect();
    channel.basicPublish(
        "",
        queue,
        properties()
            .headers(Map.of("<b class=made>header</b>", MARKUP))
            .contentType("text/html")
            .type(MARKUP)
            .build(),
        bytes(body));
    channel.waitForConfirmsOrDie(10_000);
    page.enter("#/queues/%2F/" + queue);
    page.click(By.xpath("//table[@aria-label='Messages']/tbody/tr[1]//button"));
    By viewer = By.cssSelector(".viewer");
    page.awaitText(viewer, body);
    assertThat(page.find(viewer).getText()).contains("<b class=made>header</b>", MARKUP);
    assertNothingMadeOfIt();
    page.press("e");
    page.find(By.cssSelector(".slide textarea"));
    assertThat(page.find(Page.field("Payload")).getDomProperty("value")).isEqualTo(body);
    assertNothingMadeOfIt();
  }

  @Test
  void markupThatAClientSaysOfItselfIsText() throws Exception {
    String client = name(MARKUP);
    keep(factory().newConnection(client)).createChannel();
    for (String address : new String[] {"#/connections", "#/channels"}) {
      page = new Page(Browser.driver(), BrokerUnderTest.managementUri());
      page.enter(address);
      page.awaitText(By.cssSelector("main table"), client);
      assertNothingMadeOfIt();
    }
  }

  @Test
  void markupInARefusalAndInAFilterIsText() {
    expectComplaint("404");
    page.enter("#/queues/%2F/" + ManagementClient.segment(MARKUP));
    page.awaitText("No queue " + MARKUP + " in vhost /");
    assertNothingMadeOfIt();
    page.open("#/queues?f=" + ManagementClient.segment(MARKUP));
    page.awaitText("No queue matches “" + MARKUP + "”");
    assertNothingMadeOfIt();
  }
}
