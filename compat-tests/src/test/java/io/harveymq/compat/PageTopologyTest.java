package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/**
 * Which edges of the topology have traffic: those that messages take, through other exchanges too.
 */
class PageTopologyTest extends PageTest {
  private static final By SIDE = By.cssSelector(".topo aside");

  private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
  private PageBroker broker;
  private Connection connection;

  @BeforeEach
  void startShop() throws Exception {
    broker = PageBroker.start();
    connection = broker.connect("orders-api");
    Channel shop = connection.createChannel();
    shop.exchangeDeclare("unmatched", "fanout");
    shop.exchangeDeclare(
        "orders", "topic", false, false, Map.of("alternate-exchange", "unmatched"));
    shop.exchangeDeclare("audit", "fanout");
    shop.exchangeDeclare("quiet", "fanout");
    for (String queue : new String[] {"books", "archive", "rest", "shared"}) {
      shop.queueDeclare(queue, false, false, false, null);
    }
    shop.exchangeBind("audit", "orders", "order.#");
    shop.queueBind("books", "audit", "");
    shop.queueBind("archive", "audit", "");
    shop.queueBind("rest", "unmatched", "");
    shop.queueBind("shared", "quiet", "");
    pace.scheduleAtFixedRate(() -> publish(shop), 0, 50, TimeUnit.MILLISECONDS);
    page = new Page(Browser.driver(), broker.uri());
  }

  private static void publish(Channel shop) {
    try {
      shop.basicPublish("orders", "order.paid", null, bytes("{}"));
      shop.basicPublish("orders", "lost.key", null, bytes("{}"));
      shop.basicPublish("", "shared", null, bytes("{}"));
    } catch (IOException closed) {
      throw new IllegalStateException(closed);
    }
  }

  @AfterEach
  void stopShop() throws Exception {
    page.leave();
    pace.shutdownNow();
    assertThat(pace.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    connection.abort(5_000);
    broker.close();
  }

  private static By edge(String ends) {
    return By.xpath("//*[name()='path']/*[name()='title'][starts-with(.,'%s,')]".formatted(ends));
  }

  private double rate(String ends) {
    String title = page.find(edge(ends)).getDomProperty("textContent");
    return Double.parseDouble(title.replaceFirst(".*, ", "").replaceFirst("/s$", ""));
  }

  private void awaitTraffic(String ends) {
    page.await("traffic from " + ends, d -> rate(ends) > 0);
  }

  @Test
  void trafficIsShownOnTheWayItTakes() {
    page.enter("#/topology");
    for (String ends :
        new String[] {
          "orders to audit",
          "audit to books",
          "audit to archive",
          "orders to unmatched",
          "unmatched to rest",
          "amq.default to shared"
        }) {
      awaitTraffic(ends);
    }
    assertThat(rate("quiet to shared")).isZero();
    // Each message goes to two queues, but only once to the exchange between.
    page.await("one each", d -> rate("orders to audit") < 1.5 * rate("audit to books"));
    page.click(By.xpath("//*[name()='g'][@data-id][starts-with(@aria-label,'audit, fanout · ')]"));
    page.awaitText(SIDE, "From exchanges");
  }

  @Test
  void onAPhoneTheListLeadsFromExchangeToExchange() {
    page.width(390, 800);
    page.enter("#/topology");
    By audit =
        By.xpath(
            "//ul[@class='topolist']/li[a='orders']//li[contains(.,'order.#')][contains(.,'audit')]");
    page.await("the rate", d -> !d.findElement(audit).getText().endsWith(" 0/s"));
    assertThat(page.find(audit).getText()).contains("exchange audit");
  }
}
