package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

class PageManyQueuesTest extends PageTest {
  private static final int QUEUES = 10_000;

  @Test
  void listOfTenThousandQueuesIsShownPageByPageAndFiltered() throws Exception {
    try (PageBroker broker = PageBroker.start();
        Connection client = broker.connect("declarer")) {
      Channel declaring = client.createChannel();
      for (int i = 0; i < QUEUES; i++) {
        declaring.queueDeclareNoWait("many-%05d".formatted(i), false, false, false, null);
      }
      declaring.queueDeclarePassive("many-09999");
      page = new Page(Browser.driver(), broker.uri());
      page.enter("#/queues");
      By rows = By.cssSelector("table[aria-label=Queues] > tbody > tr");
      page.await("a page of rows", d -> d.findElements(rows).size() == 20);
      page.awaitText(By.cssSelector(".tfoot"), "of 10,000");
      page.press("f");
      page.press("many-0777");
      page.awaitText(By.cssSelector(".tfoot"), "of 10");
      page.await("ten rows", d -> d.findElements(rows).size() == 10);
      page.find(Page.row("Queues", "many-07770"));
      page.press("5");
      page.await("one row", d -> d.findElements(rows).size() == 1);
      page.find(Page.row("Queues", "many-07775"));
      assertThat(page.address()).isEqualTo("#/queues?f=many-07775");
      page.open("#/queues?f=consumers:0");
      page.await("what the page knows of all", d -> d.findElements(rows).size() == 20);
      page.script("window.fetch = () => new Promise(() => {})");
      page.type(By.cssSelector("[aria-label='Filter queues']"), "many-0777");
      page.await("rows before the server answers", d -> d.findElements(rows).size() == 10);
      page.leave();
    }
  }
}
