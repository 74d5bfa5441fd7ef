package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** What a client was refused a moment ago stands out where the object is that it asked for. */
class PageRefusedTest extends PageTest {
  private static final By CALLOUT = By.cssSelector("main .callout.refused");

  private PageBroker broker;
  private Connection connection;

  @BeforeEach
  void refuse() throws Exception {
    broker = PageBroker.start();
    connection = broker.connect("billing-worker");
    Channel first = connection.createChannel();
    first.queueDeclare("jobs", false, false, false, null);
    first.exchangeDeclare("events", "fanout");
    Channel second = connection.createChannel();
    assertThatThrownBy(() -> second.queueDeclare("jobs", true, false, false, null));
    Channel third = connection.createChannel();
    assertThatThrownBy(() -> third.exchangeDeclare("events", "topic"));
    page = new Page(Browser.driver(), broker.uri());
  }

  @AfterEach
  void stopBroker() {
    page.leave();
    connection.abort(5_000);
    broker.close();
  }

  private static By node(String name) {
    return By.xpath("//*[name()='g'][@data-id][starts-with(@aria-label,'%s,')]".formatted(name));
  }

  @Test
  void queueThatWasRefusedIsMarkedInTheTopologyAndOnItsPage() {
    page.enter("#/topology");
    page.awaitText(node("jobs"), "406");
    page.awaitText(node("events"), "406");
    page.click(node("jobs"));
    page.awaitText(
        CALLOUT, "billing-worker was refused: queue jobs is not durable, it asked for durable");
    page.click(By.linkText("Compare"));
    page.await("the settings", d -> page.address().startsWith("#/queues/%2F/jobs/settings?"));
    page.awaitText("billing-worker asks for: yes");
    page.awaitText(CALLOUT, "(406)");
  }

  @Test
  void exchangeThatWasRefusedIsMarkedOnItsPage() {
    page.enter("#/exchanges/%2F/events");
    page.awaitText(
        CALLOUT, "billing-worker was refused: exchange events has type fanout, it asked for topic");
    page.click(By.linkText("Compare"));
    page.awaitText("billing-worker asks for: topic");
  }
}
