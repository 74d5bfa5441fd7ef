package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;

/** Dead letters and dropped messages on the page of a queue and in the topology. */
class PageDeadLettersTest extends PageTest {
  private static final By SIDE = By.cssSelector(".topo aside");

  private PageBroker broker;
  private Connection connection;
  private Pace pace;

  @BeforeEach
  void startShop() throws Exception {
    broker = PageBroker.start();
    connection = broker.connect("orders-api");
    Channel shop = connection.createChannel();
    shop.exchangeDeclare("orders", "topic");
    shop.exchangeDeclare("orders.dlx", "fanout");
    shop.exchangeDeclare("unbound", "direct");
    Map<String, Object> dead = Map.of("x-dead-letter-exchange", "orders.dlx");
    shop.queueDeclare("billing", false, false, false, dead);
    shop.queueDeclare("orders.dead", false, false, false, null);
    shop.queueBind("billing", "orders", "order.#");
    shop.queueBind("orders.dead", "orders.dlx", "");
    Channel refuser = connection.createChannel();
    refuser.basicConsume(
        "billing",
        new DefaultConsumer(refuser) {
          @Override
          public void handleDelivery(
              String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
              throws IOException {
            refuser.basicReject(envelope.getDeliveryTag(), false);
          }
        });
    pace = new Pace(() -> publish(shop));
    page = new Page(Browser.driver(), broker.uri());
  }

  private static void publish(Channel shop) throws IOException {
    shop.basicPublish("orders", "order.eu.paid", null, bytes("{}"));
    shop.basicPublish("unbound", "lost.key", null, bytes("{}"));
  }

  @AfterEach
  void stopShop() throws Exception {
    page.leave();
    pace.stop();
    connection.abort(5_000);
    broker.close();
  }

  private void select(String name) {
    page.click(
        By.xpath("//*[name()='g'][@data-id][starts-with(@aria-label,'%s,')]".formatted(name)));
  }

  @Test
  void whatComesInIsSaidToBeDeadLetters() {
    page.enter("#/queues/%2F/orders.dead");
    page.await(
        "a rate in, with the cause",
        d -> {
          String strip = d.findElement(By.cssSelector("main .flow")).getText();
          return strip.contains("dead letters from orders.dlx") && !strip.startsWith("In\n0\n");
        });
  }

  @Test
  void exchangeThatDeadLettersGoThroughIsSaidToBeInUse() {
    page.enter("#/exchanges/%2F/orders.dlx");
    By strip = By.cssSelector("main .flow");
    page.await(
        "dead letters that come and go on",
        d ->
            d.findElement(strip)
                .getText()
                .matches(
                    "(?s).*Dead letters\\R(?!0/s)[\\d.]+\\s*/s\\R[\\d,]+ so far from 1 queue"
                        + "\\RRouted\\R(?!0/s)[\\d.]+\\s*/s.*"));
    page.awaitText(By.cssSelector("main .head"), "Keeping up");
    By passed =
        By.xpath("//table[@aria-label='Bindings from this exchange']/tbody/tr[1]/td[last()-1]");
    page.await("what passed", d -> d.findElement(passed).getText().matches("[1-9][\\d,]*"));
  }

  @Test
  void exchangeThatLeadsDeadLettersNowhereIsSaidToDropThem() throws Exception {
    connection.createChannel().queueUnbind("orders.dead", "orders.dlx", "");
    page.enter("#/exchanges/%2F/orders.dlx");
    page.awaitText(By.cssSelector("main .head"), "Dropping");
    page.awaitText("Every message is dropped.");
    page.open("#/topology");
    page.find(
        By.xpath("//*[name()='g'][@data-id][starts-with(@aria-label,'orders.dlx, drops all,')]"));
  }

  @Test
  void dottedEdgeSaysWhyAndHowMany() {
    page.enter("#/topology");
    By label = By.xpath("//*[name()='text'][@class='key'][starts-with(.,'rejected ')]");
    page.await("the rate", d -> d.findElement(label).getText().endsWith("/s"));
    select("orders.dlx");
    page.awaitText(SIDE, "Dead letters in");
    select("billing");
    page.awaitText(SIDE, "Dead-lettered");
    select("orders.dead");
    page.awaitText(SIDE, "all dead letters");
  }

  @Test
  void lettersThatGoBackThroughTheDefaultExchangeHaveEdgesToo() throws Exception {
    Channel shop = connection.createChannel();
    shop.queueDeclare("parked", false, false, false, null);
    shop.queueDeclare(
        "brief",
        false,
        false,
        false,
        Map.of(
            "x-message-ttl",
            1,
            "x-dead-letter-exchange",
            "",
            "x-dead-letter-routing-key",
            "parked"));
    shop.queueBind("brief", "orders", "order.#");
    page.enter("#/topology");
    By label = By.xpath("//*[name()='text'][@class='key'][starts-with(.,'expired ')]");
    page.await("the rate", d -> d.findElement(label).getText().endsWith("/s"));
    select("amq.default");
    page.awaitText(SIDE, "Dead letters in");
    select("parked");
    page.awaitText(SIDE, "all dead letters");
  }

  @Test
  void lettersThatKeepTheirKeyLeadFromTheDefaultExchangeToTheQueueOfThatName() throws Exception {
    Channel shop = connection.createChannel();
    shop.queueDeclare("order.eu.paid", false, false, false, null);
    Map<String, Object> brief = Map.of("x-message-ttl", 1, "x-dead-letter-exchange", "");
    shop.queueDeclare("brief", false, false, false, brief);
    shop.queueBind("brief", "orders", "order.#");
    page.enter("#/topology");
    By edge =
        By.xpath(
            "//*[name()='path']/*[name()='title'][starts-with(.,'amq.default to order.eu.paid,')]");
    page.await(
        "the rate",
        d -> {
          String title = d.findElement(edge).getDomProperty("textContent");
          return title.endsWith("/s") && !title.endsWith(" 0/s");
        });
  }

  @Test
  void lastDroppedMessagesAreBesideTheExchangeAndItsAlternateIsSet() throws Exception {
    page.enter("#/topology?focus=" + "x:unbound");
    page.awaitText(SIDE, "Every message is dropped.");
    page.awaitText(SIDE, "Last dropped, kept for a look");
    page.awaitText(SIDE, "lost.key");
    page.click(Page.button("Set alternate exchange"));
    assertThat(page.find(Page.field("Pattern")).getDomProperty("value")).isEqualTo("^unbound$");
    page.type(By.cssSelector(".slide [aria-label=Value]"), "orders.dlx");
    page.click(Page.submit());
    page.awaitText(By.cssSelector(".toasts"), "The policy alternate-of-unbound is saved");
    page.awaitText(SIDE, "gets what matches no binding");
    page.awaitGone(Page.button("Set alternate exchange"));
    page.click(By.partialLinkText("Show all"));
    page.awaitAddress("#/exchanges/%2F/unbound/dropped");
  }

  @ParameterizedTest
  @CsvSource({"light, 1440", "dark, 1440", "light, 390"})
  void allOfItFitsAndCanBeRead(String theme, int width) throws Exception {
    page.width(width, 1000);
    page.enter("#/");
    page.script("localStorage.setItem('harvey.theme', arguments[0])", theme);
    String[][] stops = {
      {"#/topology?focus=x:unbound", "lost.key"},
      {"#/queues/%2F/orders.dead", "dead letters from orders.dlx"}
    };
    for (int i = 0; i < stops.length; i++) {
      page.reload(stops[i][0]);
      page.awaitText(stops[i][1]);
      if (width > 720 && i == 0) {
        page.awaitText(By.cssSelector("svg.graph"), "rejected ");
      }
      Path picture =
          Path.of("target", "screenshots", "dead-" + i + "-" + theme + "-" + width + ".png");
      Files.createDirectories(picture.getParent());
      Files.write(picture, page.driver().getScreenshotAs(OutputType.BYTES));
      assertThat(page.contentWidth()).as(stops[i][0]).isLessThanOrEqualTo(width);
      assertThat(page.lowContrast()).as(stops[i][0]).isEmpty();
    }
  }
}
