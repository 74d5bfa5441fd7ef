package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import io.harveymq.broker.ResourceLimit;
import io.harveymq.broker.vhost.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** What the first page says of clients and queues in trouble, and where it leads. */
class PageTroubleTest extends PageTest {
  private static final Duration SAMPLE = Duration.ofSeconds(5);

  /** Behind the machine's, so that what is past by it is for the page, too. */
  private final ManualClock clock = new ManualClock(System.currentTimeMillis() - 1_200_000);

  private PageBroker broker;
  private Connection connection;
  private Channel client;
  private Confirms confirms;

  @BeforeEach
  void startBroker() throws Exception {
    broker = PageBroker.start(clock);
    connection = broker.connect("orders-api");
    client = connection.createChannel();
    confirms = new Confirms(client);
    page = new Page(Browser.driver(), broker.uri());
  }

  @AfterEach
  void stopBroker() {
    page.leave();
    connection.abort(5_000);
    broker.close();
  }

  private Void refuse() throws Exception {
    client.basicPublish("", "full", null, bytes("m"));
    assertThat(confirms.taken()).isFalse();
    return null;
  }

  private Void publish(String queue, int messages) throws Exception {
    for (int i = 0; i < messages; i++) {
      client.basicPublish("", queue, null, bytes("m" + i));
    }
    client.waitForConfirmsOrDie(10_000);
    return null;
  }

  /** Waits for the row that says this and leads there, and presses its button. */
  private void follow(String text, String address, String button) {
    By row = By.xpath("//div[@class='finding'][a[normalize-space()=\"%s\"]]".formatted(text));
    WebElement found = page.find(row);
    assertThat(found.findElement(By.tagName("a")).getDomAttribute("href")).isEqualTo(address);
    page.await(
        button,
        d -> {
          d.findElement(row).findElement(By.xpath(".//button[.='%s']".formatted(button))).click();
          return true;
        });
    page.awaitAddress(address);
  }

  @Test
  void clientThatHoldsMessagesIsNamedAndItsConsumerShown() throws Exception {
    client.queueDeclare("billing", false, false, false, null);
    publish("billing", 2);
    client.basicConsume("billing", false, "worker", new DefaultConsumer(client));
    page.enter("#/queues/%2F/billing");
    page.awaitText(By.cssSelector("main .flow"), "held");
    clock.advance(Duration.ofSeconds(31));
    page.open("#/");
    follow(
        "orders-api holds 2 messages of billing for 31 s",
        "#/queues/%2F/billing/consumers",
        "Show consumer");
    page.find(Page.row("Consumers", "worker"));
    page.awaitText(By.cssSelector("main .head"), "Slow acks");
    page.await(
        "for how long",
        d ->
            d.findElement(By.cssSelector("main .flow"))
                .getText()
                .matches("(?s).*held 3\\d s by orders-api.*"));
  }

  @Test
  void clientThatGetsTheSameMessageAgainAndAgainIsNamedAndTheMessageShown() throws Exception {
    client.queueDeclare("work", false, false, false, null);
    publish("work", 1);
    client.basicConsume(
        "work",
        false,
        new DefaultConsumer(client) {
          private int times;

          @Override
          public void handleDelivery(
              String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
              throws IOException {
            if (times++ < 4) {
              client.basicNack(envelope.getDeliveryTag(), false, true);
            }
          }
        });
    page.enter("#/");
    follow(
        "orders-api gets the same message of work again and again, 4 times so far",
        "#/queues/%2F/work/messages?message=0%3A0",
        "Show message");
    page.awaitText(By.cssSelector(".viewer"), "m0");
    page.awaitText(By.cssSelector("main .head"), "Redelivery loop");
  }

  @Test
  void queueNearItsLimitIsNamedAndShown() throws Exception {
    client.queueDeclare("ring", false, false, false, Map.of("x-max-length", 10));
    publish("ring", 9);
    page.enter("#/");
    follow(
        "ring is at 9 of 10 messages; the oldest will be dropped",
        "#/queues/%2F/ring",
        "Show queue");
    page.awaitText(By.cssSelector("main .head"), "Near limit");
    page.awaitText(By.cssSelector("main .flow"), "near limit: 9 of 10");
    page.open("#/queues");
    page.click(By.xpath("//button[contains(@class,'chip')][contains(., 'No consumer')]"));
    page.find(Page.row("Queues", "ring"));
  }

  /** What shows at once, and while time goes on in which it goes on. */
  private void awaitMeanwhile(By where, String text, Callable<?> goesOn) {
    page.await(
        text,
        d -> {
          try {
            goesOn.call();
          } catch (Exception failure) {
            throw new AssertionError(failure);
          }
          clock.advance(Duration.ofSeconds(1));
          return Pattern.compile(text).matcher(d.findElement(where).getText()).find();
        });
  }

  @Test
  void whatALimitDropsIsSaidAndShownWhereItIs() throws Exception {
    client.queueDeclare("ring", false, false, false, Map.of("x-max-length", 10));
    publish("ring", 410);
    page.enter("#/");
    follow(
        "ring dropped 400 of its oldest messages: its limit is 10 messages",
        "#/queues/%2F/ring",
        "Show queue");
    By strip = By.cssSelector("main .flow");
    page.awaitText(strip, "near limit: 10 of 10");
    awaitMeanwhile(strip, "near limit: 10 of 10, drops [\\d.,]+/s", () -> publish("ring", 9));
    page.open("#/queues/%2F/ring/charts?rates=1");
    page.find(Page.row("All message rates", "Dropped"));
    page.await(
        "a line of its own",
        d ->
            d.findElements(By.xpath("//table[caption='Messages per second']//th[.='dropped']"))
                    .size()
                == 1);
    page.open("#/queues/%2F/ring/settings");
    page.awaitText("Dropped at its limit");
  }

  @Test
  void whatAFullQueueRefusesIsSaidAndShownWhereItIs() throws Exception {
    client.queueDeclare(
        "full", false, false, false, Map.of("x-max-length", 2, "x-overflow", "reject-publish"));
    publish("full", 2);
    refuse();
    page.enter("#/");
    follow("full is full: it refuses new messages; 1 so far", "#/queues/%2F/full", "Show queue");
    By strip = By.cssSelector("main .flow");
    page.awaitText(strip, "rejecting: full with 2 messages");
    awaitMeanwhile(strip, "full with 2 messages, refuses [\\d.]+/s", this::refuse);
    awaitMeanwhile(strip, "[\\d.]+/s refused", this::refuse);
    page.open("#/queues/%2F/full/charts?rates=1");
    page.find(Page.row("All message rates", "Refused"));
    client.queueDeclare("well", false, false, false, null);
    page.open("#/queues");
    page.click(By.xpath("//button[contains(@class,'chip')][contains(.,'Rejecting')]"));
    page.awaitGone(By.linkText("well"));
    page.find(By.linkText("full"));
  }

  @Test
  void thatNobodyIsLetInIsSaidFirst() {
    ManagementClient http = ManagementClient.at(broker.uri(), "guest", "guest");
    page.enter("#/");
    http.put("/dev/app", Map.of("running", false)).isEmpty(204);
    follow(
        "Clients are not let in: rabbitmqctl stop_app has stopped the broker,"
            + " and rabbitmqctl start_app starts it",
        "#/node",
        "Show node");
    page.awaitText("Stopped");
    page.open("#/");
    page.awaitText(By.cssSelector("main"), "Stopped");
    http.put("/dev/app", Map.of("running", true)).isEmpty(204);
    page.awaitText("Nothing needs attention");
  }

  @Test
  void chartOfBytesHasItsPast() throws Exception {
    client.queueDeclare("q", false, false, false, null);
    client.basicPublish("", "q", null, new byte[2048]);
    client.waitForConfirmsOrDie(10_000);
    ManagementClient api = ManagementClient.at(broker.uri(), "guest", "guest");
    String samples = "/queues/%2F/q?lengths_age=60&lengths_incr=60";
    Awaitility.await("a sample")
        .until(
            () -> {
              clock.advance(SAMPLE);
              return api.read(samples).at("/message_bytes_details/samples/1/sample").intValue()
                  == 2048;
            });
    clock.advance(Duration.ofMillis(System.currentTimeMillis() - clock.millis()));
    page.enter("#/queues/%2F/q/charts");
    page.await(
        "bytes of minutes ago",
        d ->
            (Boolean)
                page.script(
                    "const chart = [...document.querySelectorAll('h-chart')]"
                        + ".find(c => c.label === 'Bytes');"
                        + "return !!chart?.series[0]?.[1]"
                        + ".some(p => p[0] < Date.now() - 120000 && p[1] === 2048)"));
  }

  @Test
  void bytesNearTheirLimitAreNamedAndShown() throws Exception {
    client.queueDeclare("ring", false, false, false, Map.of("x-max-length-bytes", 20));
    publish("ring", 9);
    page.enter("#/");
    follow(
        "ring is at 18 of 20 bytes; the oldest will be dropped", "#/queues/%2F/ring", "Show queue");
    page.awaitText(By.cssSelector("main .head"), "Near limit");
    page.awaitText(By.cssSelector("main .flow"), "near limit: 18 B of 20 B");
  }

  @Test
  void limitOfAVirtualHostThatIsNearLeadsToTheLimits() throws Exception {
    ManagementClient api = ManagementClient.at(broker.uri(), "guest", "guest");
    api.put("/vhost-limits/%2F/max-connections", Map.of("value", 1)).isEmpty(204);
    page.enter("#/");
    follow("Virtual host / has 1 of 1 connection; more will be refused", "#/limits", "Show limits");
    page.awaitText(By.tagName("main"), "Most connections");
  }

  @Test
  void timeThatAcksTakeIsShownOfConsumersAndOverTime() throws Exception {
    client.queueDeclare("billing", false, false, false, null);
    publish("billing", 2);
    BlockingQueue<Long> tags = new LinkedBlockingQueue<>();
    client.basicQos(1);
    client.basicConsume(
        "billing",
        false,
        "worker",
        (tag, got) -> tags.add(got.getEnvelope().getDeliveryTag()),
        tag -> {});
    page.enter("#/queues/%2F/billing/consumers");
    Long tag = tags.poll(10, TimeUnit.SECONDS);
    clock.advance(Duration.ofMillis(2_100));
    client.basicAck(tag, false);
    page.awaitText(Page.row("Consumers", "worker"), "2.1 s");
    page.width(390, 844);
    page.awaitText(Page.row("Consumers", "worker"), "1 of 1 · 2.1 s");
    page.width(1440, 900);
    page.open("#/queues/%2F/billing/charts");
    By chart = By.xpath("//table[caption='Ack time']");
    page.await(
        "the time in the chart",
        d -> d.findElement(chart).getDomProperty("textContent").contains("2.1 s"));
  }

  @Test
  void refusedLoginLeadsWhoMayNotSeeUsersElsewhere() throws Exception {
    ManagementClient api = ManagementClient.at(broker.uri(), "guest", "guest");
    api.put("/users/watch", Map.of("password", "p", "tags", "monitoring")).isEmpty(201);
    api.put("/permissions/%2F/watch", Map.of("configure", ".*", "write", ".*", "read", ".*"))
        .isEmpty(201);
    try {
      broker.connect("stranger", "nobody", "wrong").abort();
    } catch (PossibleAuthenticationFailureException refused) {
      assertThat(refused).isNotNull();
    }
    page.open("#/");
    page.logIn("watch", "p");
    By row = By.xpath("//div[@class='finding'][contains(., 'stranger was refused')]");
    page.awaitText(row, "Show clients");
    page.click(Page.button("Show clients"));
    page.awaitAddress("#/connections");
  }

  @Test
  void deadLettersNameTheClientThatRefusedThem() throws Exception {
    client.queueDeclare("dead", false, false, false, null);
    client.queueDeclare(
        "work",
        false,
        false,
        false,
        Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
    publish("work", 2);
    for (int i = 0; i < 2; i++) {
      client.basicReject(client.basicGet("work", false).getEnvelope().getDeliveryTag(), false);
    }
    page.enter("#/");
    follow(
        "dead holds dead letters, rejected by orders-api",
        "#/queues/%2F/dead",
        "Review and redrive");
  }

  @Test
  void blockedPublishersAreNamedFirstAndTheNodeShown() throws Exception {
    client.queueDeclare("full", false, false, false, Map.of("x-max-length", 1));
    publish("full", 1);
    broker.alarms().memoryHighWatermark(ResourceLimit.absolute(0));
    client.basicPublish("", "full", null, bytes("not read"));
    page.enter("#/");
    page.awaitText(By.cssSelector(".finding:first-child"), "Publishers are blocked");
    follow("Publishers are blocked: memory is above 0 MiB", "#/node", "Show node");
    page.awaitText(By.cssSelector("main .panel"), "Blocked");
    page.awaitText(By.cssSelector("main .panel"), "alarm");
    page.open("#/connections");
    page.awaitText(Page.row("Connections", "orders-api"), "Blocked");
  }

  @Test
  void clientThatOpensAChannelForEachMessageIsNamedAndShown() throws Exception {
    for (int i = 0; i < 60; i++) {
      connection.createChannel().close();
    }
    clock.advance(SAMPLE);
    page.enter("#/");
    By row = By.xpath("//div[@class='finding'][contains(., 'opens a new channel')]");
    page.awaitText(row, "orders-api opens a new channel for nearly each message");
    page.awaitText(row, "/s opened");
    page.click(Page.button("Show client"));
    page.awaitHeading("orders-api");
  }

  @Test
  void clientsThatConnectAgainAndAgainAreToldAndTheClientsShown() throws Exception {
    for (int i = 0; i < 55; i++) {
      broker.connect("lambda").close();
    }
    clock.advance(SAMPLE);
    page.enter("#/");
    follow("Clients open a new connection again and again", "#/connections", "Show clients");
    page.find(Page.row("Connections", "orders-api"));
  }

  @Test
  void refusedDeclarationLeadsToWhatItIsToBeComparedWith() throws Exception {
    client.queueDeclare("billing", false, false, false, Map.of("x-max-length", 7));
    Channel doomed = connection.createChannel();
    assertThatThrownBy(() -> doomed.queueDeclare("billing", true, false, false, null))
        .rootCause()
        .hasMessageContaining("inequivalent arg 'durable'");
    page.enter("#/");
    page.awaitText(
        By.cssSelector(".finding .exact"),
        "406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'billing' in vhost '/'");
    follow(
        "orders-api was refused: queue billing is not durable, it asked for durable; it differs in"
            + " x-max-length as well",
        "#/queues/%2F/billing/settings?argument=durable&asked=true&argument=x-max-length"
            + "&asked=none&by=orders-api",
        "Compare");
    page.awaitText(By.cssSelector("main"), "no, gone after a restart orders-api asks for: yes");
  }

  @Test
  void argumentThatARefusedDeclarationAskedForIsMarked() throws Exception {
    client.queueDeclare("billing", false, false, false, null);
    Channel doomed = connection.createChannel();
    assertThatThrownBy(
            () ->
                doomed.queueDeclare(
                    "billing", false, false, false, Map.of("x-message-ttl", 30_000)))
        .rootCause()
        .hasMessageContaining("inequivalent arg 'x-message-ttl'");
    page.enter("#/");
    follow(
        "orders-api was refused: queue billing has no x-message-ttl, it asked for 30000",
        "#/queues/%2F/billing/settings?argument=x-message-ttl&asked=30000&by=orders-api",
        "Compare");
    page.awaitText(
        Page.row("Arguments", "x-message-ttl"), "none orders-api asks for: 30 s not declared");
  }

  @Test
  void everythingInWhichARefusedDeclarationDiffersIsMarked() throws Exception {
    client.queueDeclare("billing", false, false, false, Map.of("x-max-length", 7));
    Channel doomed = connection.createChannel();
    assertThatThrownBy(
            () -> doomed.queueDeclare("billing", true, false, false, Map.of("x-expires", 60_000)))
        .rootCause()
        .hasMessageContaining("inequivalent arg 'durable'");
    page.enter("#/");
    page.click(Page.button("Compare"));
    page.awaitHeading("billing");
    page.awaitText(By.cssSelector("main"), "no, gone after a restart orders-api asks for: yes");
    page.awaitText(Page.row("Arguments", "x-expires"), "none orders-api asks for: 1 min");
    page.awaitText(Page.row("Arguments", "x-max-length"), "7 orders-api asks for: none");
  }

  @Test
  void exchangeOfAnotherTypeThanWasAskedForIsMarked() throws Exception {
    client.exchangeDeclare("logs", "fanout");
    Channel doomed = connection.createChannel();
    assertThatThrownBy(() -> doomed.exchangeDeclare("logs", "direct"))
        .rootCause()
        .hasMessageContaining("inequivalent arg 'type'");
    page.enter("#/");
    follow(
        "orders-api was refused: exchange logs has type fanout, it asked for direct",
        "#/exchanges/%2F/logs/settings?argument=type&asked=direct&by=orders-api",
        "Compare");
    page.awaitText(By.cssSelector("main"), "fanout orders-api asks for: direct");
  }
}
