package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** What the page offers and says to a user who may look and has no other right. */
class PageRightsTest extends PageTest {
  private static final By CALLOUT = By.cssSelector(".callout");
  private static final By REASON = By.cssSelector(".callout .reason");
  private static final By FOOT = By.cssSelector(".slide footer");

  private String user;

  @BeforeEach
  void addUser() throws Exception {
    user = name("page");
    http.put("/users/" + user, Map.of("password", "p", "tags", "management")).isEmpty(201);
    permit("^$", "^$", "^$");
  }

  @AfterEach
  void removeUser() throws Exception {
    page.leave();
    http.delete("/users/" + user).isEmpty(204);
  }

  private void permit(String configure, String write, String read) throws Exception {
    Map<String, String> rights = Map.of("configure", configure, "write", write, "read", read);
    assertThat(http.put("/permissions/%2F/" + user, rights).status()).isIn(201, 204);
  }

  private void enter(String address) {
    page.open(address);
    page.logIn(user, "p");
    page.find(By.cssSelector("main#main > *"));
  }

  private void awaitBlocked(String why) {
    page.awaitText(FOOT, why);
    WebElement submit = page.find(Page.submit());
    assertThat(submit.isEnabled()).isFalse();
    assertThat(submit.getAttribute("title")).isEqualTo(why);
  }

  @Test
  void footOfTheRailBeginsWithTheVersionWhereTheNodeIsNotTold() {
    enter("#/queues");
    page.awaitText(By.cssSelector(".rail .foot"), "speaks RabbitMQ");
    assertThat(page.find(By.cssSelector(".rail .foot")).getText()).doesNotContain("·");
  }

  @Test
  void exchangeThatDropsIsBoundOnlyByWhoMayReadFromIt() throws Exception {
    expectComplaint("/api/dev/dropped");
    String exchange = newExchange("fanout");
    enter("#/exchanges/%2F/" + exchange);
    page.awaitHeading(exchange);
    publish(exchange, "k", "m");
    By bind = By.cssSelector(".callout .linkbtn");
    page.await("a disabled button", d -> Page.isOff(d.findElement(bind)));
    assertThat(page.find(bind).getAttribute("title")).isEqualTo("needs read on " + exchange);
    page.press("n");
    page.press("gx");
    page.awaitHeading("Exchanges");
    page.press("n");
    page.awaitText(By.cssSelector(".slide h2"), "Declare an exchange");
  }

  @Test
  void keyThatPublishesAgainTellsTheMissingRightAndAnotherPageHasNothingOfIt() throws Exception {
    permit("^$", "^$", ".*");
    String exchange = newExchange("fanout");
    publish(exchange, "k", "m");
    enter("#/exchanges/%2F/" + exchange + "/dropped");
    page.click(By.cssSelector("tr.msgrow input"));
    By again = Page.button("Publish messages again");
    page.await("a disabled button", d -> Page.isOff(d.findElement(again)));
    page.press("r");
    By toasts = By.cssSelector(".toasts");
    page.awaitText(toasts, "Your user needs write on " + exchange + ".");
    page.open("#/exchanges");
    page.awaitHeading("Exchanges");
    page.awaitGone(By.cssSelector(".toast"));
  }

  @Test
  void messageIsNotSentWithoutTheRightToWrite() throws Exception {
    permit("^$", "^$", ".*");
    String queue = newQueue();
    String exchange = newExchange("fanout");
    channel.queueBind(queue, exchange, "");
    publish(exchange, "k", "needle");
    enter("#/queues/%2F/" + queue);
    page.click(By.cssSelector("tr.msgrow"));
    page.awaitText(By.cssSelector(".viewer"), "needle");
    page.press("e");
    awaitBlocked("Your user needs write on " + exchange + ".");
    page.type(Page.field("Exchange"), "amq.direct");
    awaitBlocked("Your user needs write on amq.direct.");
  }

  @Test
  void bindingIsNotSentWithoutTheRightToWriteToTheQueue() throws Exception {
    permit("^$", "^$", ".*");
    String queue = newQueue();
    String exchange = newExchange("fanout");
    enter("#/exchanges/%2F/" + exchange);
    page.click(Page.button("Bind a queue"));
    page.type(Page.field("Queue"), queue);
    awaitBlocked("Your user needs write on " + queue + ".");
  }

  @Test
  void findingIsNotMendedWithoutTheRight() throws Exception {
    expectComplaint("/api/nodes");
    permit("^$", "^$", ".*");
    String missing = name("page-missing");
    String queue = name("page-queue");
    channel.queueDeclare(queue, false, true, false, Map.of("x-dead-letter-exchange", missing));
    enter("#/");
    By declare =
        By.xpath("//*[contains(@class,'finding')][contains(.,'" + missing + "')]//button[1]");
    page.await("an act that is off", d -> Page.isOff(d.findElement(declare)));
    assertThat(page.find(declare).getAttribute("title")).isEqualTo("needs configure on " + missing);
    page.click(declare);
    page.awaitText(By.cssSelector(".toasts"), "Your user needs configure on " + missing);
  }

  @Test
  void codeHasThePortOfTheBrokerForWhoMayNotMonitorIt() throws Exception {
    permit("^$", "^$", ".*");
    enter("#/queues/%2F/" + newQueue() + "/bindings");
    page.awaitText(By.cssSelector(".empty .code"), ", " + BrokerUnderTest.port() + ")");
  }

  @Test
  void declarationIsNotSentWithoutTheRightToConfigure() throws Exception {
    for (String what : new String[] {"queue", "exchange"}) {
      enter("#/" + what + "s");
      String name = name("page");
      page.press("n");
      page.type(Page.field("Name"), name);
      awaitBlocked("Your user needs configure on " + name + ".");
      page.awaitText(
          By.cssSelector(".slide .hint.bad .mono"), "403 ACCESS_REFUSED - configure access to ");
      page.leave();
      page = new Page(Browser.driver(), BrokerUnderTest.managementUri());
    }
  }

  @Test
  void refusalsNameTheMissingRightAndTheBrokersWords() throws Exception {
    expectComplaint("/api/dev/queues/");
    expectComplaint("/api/nodes");
    expectComplaint("/api/feature-flags");
    String queue = newQueue();
    enter("#/queues/%2F/" + queue + "/messages");
    page.awaitText(CALLOUT, "Your user needs read on " + queue + ".");
    page.awaitText(REASON, "401 Access refused.");
    page.open("#/queues/%2F/" + queue + "/bindings");
    page.awaitText(CALLOUT, "Your user needs read on " + queue + ".");
    page.open("#/node");
    page.awaitText(CALLOUT, "Your user needs the tag monitoring.");
    page.awaitText(REASON, "401 Not monitor user");
  }

  @Test
  void objectsOfAVhostWithoutPermissionsAreNotSaidToBeGone() throws Exception {
    expectComplaint("401");
    String queue = newQueue();
    String exchange = newExchange("fanout");
    By why = By.cssSelector("main .empty");
    enter("#/queues/%2F/" + queue);
    page.awaitHeading(queue);
    http.delete("/permissions/%2F/" + user).isEmpty(204);
    page.awaitText(why, "Queue " + queue + " is not shown");
    page.awaitText(why, "Your user has no permissions in vhost /.");
    page.awaitText(why, "401 User not authorised to access virtual host");
    page.open("#/exchanges/%2F/" + exchange);
    page.awaitText(why, "Exchange " + exchange + " is not shown");
    page.awaitText(why, "Your user has no permissions in vhost /.");
    permit("^$", "^$", "^$");
    page.awaitHeading(exchange);
  }

  @Test
  void connectionOfAnotherUserIsNotSaidToBeGone() throws Exception {
    expectComplaint("401");
    String name = http.read("/connections").get(0).get("name").asText();
    enter("#/connections/" + ManagementClient.segment(name));
    By why = By.cssSelector("main .empty");
    page.awaitText(why, "Connection " + name + " is not shown");
    page.awaitText(why, "Your user needs the tag monitoring to see it.");
  }

  @Test
  void refusedMessageSaysWhichRightIsMissing() throws Exception {
    expectComplaint("/publish");
    permit("^$", ".*", ".*");
    String exchange = newExchange("fanout");
    enter("#/exchanges/%2F/" + exchange + "/publish");
    page.await("a form", d -> d.findElement(Page.submit()).isEnabled());
    permit("^$", "^$", ".*");
    page.click(Page.submit());
    page.awaitText(CALLOUT, "Not published. Your user needs write on " + exchange + ".");
    assertThat(page.find(REASON).getText())
        .startsWith("403 ACCESS_REFUSED - write access to exchange '" + exchange + "'");
  }

  @Test
  void formSaysThatTheBrokerDoesNotAnswer() throws Exception {
    expectComplaint("ERR_CONNECTION_REFUSED");
    expectComplaint("ERR_INCOMPLETE_CHUNKED_ENCODING");
    expectComplaint("ERR_CONNECTION_RESET");
    expectComplaint("ERR_EMPTY_RESPONSE");
    URI uri;
    try (PageBroker broker = PageBroker.start()) {
      uri = broker.uri();
      page = new Page(Browser.driver(), uri);
      page.enter("#/queues");
      page.click(Page.button("Declare a queue"));
      page.find(Page.field("Name"));
    }
    page.click(Page.submit());
    page.awaitText(
        By.cssSelector(".slide .callout"),
        "Not declared. No answer from the broker at " + uri.getAuthority() + ".");
  }
}
