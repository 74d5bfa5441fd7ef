package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** From what needs attention to what mends it, and what was dropped. */
class PageFindingsTest extends PageTest {
  private static final By FINDINGS = By.cssSelector("section[aria-label='Needs attention']");

  @Test
  void exchangeThatDropsEverythingIsBoundFromTheFirstPageAndItsMessagesAreSentAgain()
      throws Exception {
    try (PageBroker broker = PageBroker.start();
        Connection client = broker.connect("orders-api")) {
      Channel own = client.createChannel();
      own.exchangeDeclare("lost", "fanout");
      own.queueDeclare("audit", false, false, false, null);
      own.confirmSelect();
      own.basicPublish("lost", "k", null, bytes("precious"));
      own.waitForConfirmsOrDie(10_000);
      page = new Page(Browser.driver(), broker.uri());
      page.enter("#/");
      page.awaitText(FINDINGS, "drops every message: no queue is bound to it");
      page.awaitText(FINDINGS, "1 since");
      page.click(Page.button("Bind a queue"));
      page.type(Page.field("Queue"), "audit");
      page.click(Page.submit());
      page.awaitText(By.cssSelector(".toasts"), "audit is bound to lost");
      page.click(By.cssSelector("a.findlink[href='#/exchanges/%2F/lost/dropped']"));
      page.awaitText("1 dropped since");
      page.click(By.cssSelector("tr.msgrow .linkbtn"));
      page.awaitText(By.cssSelector(".viewer"), "precious");
      page.awaitText(By.cssSelector(".viewer"), "orders-api");
      page.click(Page.button("Publish all messages again"));
      page.awaitText(By.cssSelector(".toasts"), "1 message published again");
      page.awaitText("Nothing was dropped");
      GetResponse got = own.basicGet("audit", true);
      assertThat(text(got)).isEqualTo("precious");
      page.leave();
    }
  }

  @Test
  void quietBrokerSaysThatNothingWasDropped() throws Exception {
    try (PageBroker broker = PageBroker.start();
        Connection client = broker.connect("quiet")) {
      client.createChannel().queueDeclare("q", false, false, false, null);
      page = new Page(Browser.driver(), broker.uri());
      page.enter("#/");
      page.awaitText(FINDINGS, "Nothing was dropped.");
      page.leave();
    }
  }

  @Test
  void actsWithoutTheRightAreDisabledAndSayWhichOneIsMissing() throws Exception {
    String queue = newQueue();
    String user = name("hu");
    http.put("/users/" + user, java.util.Map.of("password", "p", "tags", "management"));
    try {
      http.put(
          "/permissions/%2F/" + user,
          java.util.Map.of("configure", "^$", "write", "^$", "read", ".*"));
      page.open("#/queues/%2F/" + queue);
      page.logIn(user, "p");
      page.awaitHeading(queue);
      By pause = Page.button("Pause");
      page.await("a disabled button", d -> Page.isOff(d.findElement(pause)));
      assertThat(page.find(pause).getAttribute("title")).isEqualTo("needs configure on " + queue);
      assertThat(page.find(By.cssSelector("main .head .btn.hide-s")).getAttribute("title"))
          .isEqualTo("needs write on amq.default");
      page.click(By.cssSelector("main .menu > button[aria-label='More acts']"));
      WebElement delete =
          page.find(By.xpath("//*[@role='menuitem'][normalize-space()='Delete queue…']"));
      assertThat(Page.isOff(delete)).isTrue();
      assertThat(delete.getAttribute("title")).isEqualTo("needs configure on " + queue);
      page.press(Keys.ESCAPE);
      page.script("arguments[0].focus()", page.find(pause));
      page.press(Keys.ENTER);
      page.awaitText(By.cssSelector(".toasts"), "Your user needs configure on " + queue);
      page.open("#/policies");
      page.await(
          "a disabled button",
          d ->
              List.of("needs the tag policymaker")
                  .contains(d.findElement(Page.button("Add a policy")).getAttribute("title")));
    } finally {
      http.delete("/users/" + user);
    }
  }

  @Test
  void bulkActsWithoutTheRightAreDisabledAndSayWhichOneIsMissing() throws Exception {
    expectComplaint("/api/users");
    String queue = newQueue();
    String user = name("hu");
    http.put("/users/" + user, java.util.Map.of("password", "p", "tags", "monitoring"));
    try {
      http.put(
          "/permissions/%2F/" + user,
          java.util.Map.of("configure", "^$", "write", ".*", "read", "^$"));
      page.open("#/queues?f=" + queue);
      page.logIn(user, "p");
      page.click(By.cssSelector("[aria-label='Select all on this page']"));
      awaitDisabled("Purge queues…", "needs read on " + queue);
      awaitDisabled("Delete queues…", "needs configure on " + queue);
      page.open("#/connections");
      page.awaitHeading("Clients");
      page.click(By.cssSelector("[aria-label='Select all on this page']"));
      awaitDisabled("Close connections…", "needs the tag administrator");
      page.open("#/limits");
      awaitDisabled("Set a limit", "needs the tag administrator");
      page.open("#/definitions");
      awaitDisabled("Export definitions", "needs the tag administrator");
      awaitDisabled("Choose a file…", "needs the tag administrator");
    } finally {
      http.delete("/users/" + user);
    }
  }

  private void awaitDisabled(String button, String lack) {
    page.await(
        button + " disabled: " + lack,
        d -> {
          WebElement found = d.findElement(Page.button(button));
          return Page.isOff(found) && lack.equals(found.getAttribute("title"));
        });
  }

  @Test
  void loginFormTellsOfTheFirstUserOnlyWhileItsPasswordIsTheFirst() throws Exception {
    try (PageBroker broker = PageBroker.start()) {
      page = new Page(Browser.driver(), broker.uri());
      page.open("");
      page.awaitText("The first user is guest, password guest.");
      ManagementClient api = ManagementClient.at(broker.uri(), "guest", "guest");
      api.put("/users/guest", java.util.Map.of("password", "another", "tags", "administrator"));
      page.reload("");
      page.awaitText("speaks RabbitMQ");
      assertThat(page.find(By.tagName("body")).getText()).doesNotContain("first user");
      page.leave();
    }
  }
}
