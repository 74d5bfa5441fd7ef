package io.harveymq.compat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

class PageFirstStartTest extends PageTest {
  @Test
  void firstStartTicksWhatItHasSeenUntilTheFirstMessage() throws Exception {
    try (PageBroker broker = PageBroker.start()) {
      page = new Page(Browser.driver(), broker.uri());
      page.enter("");
      page.awaitHeading("Harvey is ready. No client has connected yet.");
      page.awaitText(By.cssSelector("pre.code"), "import pika");
      page.click(Page.button("Java"));
      page.awaitText(By.cssSelector("pre.code"), "ConnectionFactory");
      By steps = By.cssSelector("ol.steps");
      page.awaitText(steps, "Waiting for a connection");
      try (Connection client = broker.connect("first")) {
        page.awaitText(steps, "a client has connected");
        Channel channel = client.createChannel();
        channel.queueDeclare("first", false, false, false, null);
        page.awaitText(steps, "1 queue");
        channel.queueBind("first", "amq.fanout", "");
        page.awaitText(steps, "1 binding");
        channel.basicPublish("amq.fanout", "", null, bytes("first"));
        page.awaitHeading("Overview");
        page.find(Page.row("Busiest queues", "first"));
        page.leave();
      }
    }
  }
}
