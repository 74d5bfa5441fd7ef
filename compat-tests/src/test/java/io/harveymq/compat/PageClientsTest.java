package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

class PageClientsTest extends PageTest {
  private Connection connect(String client) throws Exception {
    return keep(factory().newConnection(client));
  }

  @Test
  void connectionAppearsAndLeavesWhileThePageIsOpen() throws Exception {
    String client = name("client");
    page.enter("#/connections?f=127.0.0.1");
    page.awaitGone(Page.row("Connections", client));
    Connection opened = connect(client);
    page.find(Page.row("Connections", client));
    opened.close();
    page.awaitGone(Page.row("Connections", client));
  }

  @Test
  void connectionClosedInThePageEndsWithTheReasonGiven() throws Exception {
    String client = name("client");
    Connection doomed = connect(client);
    doomed.createChannel();
    CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
    doomed.addShutdownListener(closed::complete);
    page.enter("#/connections");
    page.click(By.linkText(client));
    page.awaitHeading(client);
    page.find(Page.row("Channels", "1"));
    page.click(Page.button("Close connection…"));
    page.type(Page.field("Reason, sent to the client"), "Enough for today");
    page.click(By.cssSelector("dialog[open] .danger-fill"));
    page.awaitHeading("Clients");
    page.awaitGone(Page.row("Connections", client));
    assertThat(closed.get(10, TimeUnit.SECONDS).getMessage()).contains("Enough for today");
  }

  private static By under(String client) {
    return By.xpath("//ul[@aria-label='Channels of " + client + "']");
  }

  @Test
  void connectionUnfoldsToItsChannelsAndConsumersByKeyboardToo() throws Exception {
    String client = name("client");
    String queue = newQueue();
    Channel consuming = connect(client).createChannel();
    consuming.basicQos(7);
    consuming.basicConsume(queue, false, "tag-of-" + queue, (tag, got) -> {}, tag -> {});
    page.enter("#/connections?f=127.0.0.1");
    By fold = By.cssSelector("button[aria-label='Channels of " + client + "']");
    assertThat(page.find(fold).getDomAttribute("aria-expanded")).isEqualTo("false");
    page.script("arguments[0].focus()", page.find(fold));
    page.press(Keys.ENTER);
    page.awaitText(under(client), "channel 1");
    page.awaitText(under(client), "tag-of-" + queue);
    page.awaitText(under(client), "takes from " + queue);
    page.awaitText(under(client), "prefetch 7, acks by the client");
    assertThat(page.find(fold).getDomAttribute("aria-expanded")).isEqualTo("true");
    assertThat(page.address()).contains("open=127.0.0.1");
    page.reload(page.address());
    page.awaitText(under(client), "tag-of-" + queue);
    page.width(390, 844);
    page.awaitText(under(client), "tag-of-" + queue);
    assertThat(page.contentWidth()).isLessThanOrEqualTo(390);
    page.width(1440, 900);
    page.click(By.linkText(queue));
    page.awaitAddress("#/queues/%2F/" + queue + "/consumers");
    page.driver().navigate().back();
    page.awaitText(under(client), "channel 1");
    page.click(By.linkText("channel 1"));
    page.awaitHeading("Channel 1");
    page.driver().navigate().back();
    page.find(under(client));
    page.click(fold);
    page.awaitGone(under(client));
    page.awaitAddress("#/connections?f=127.0.0.1");
  }

  @Test
  void connectionThatClosesIsFolded() throws Exception {
    String client = name("client");
    Connection doomed = connect(client);
    page.enter("#/connections?f=127.0.0.1");
    page.click(By.cssSelector("button[aria-label='Channels of " + client + "']"));
    page.awaitText(under(client), "No channel is open.");
    expectComplaint("/channels?columns=");
    doomed.close();
    page.awaitGone(under(client));
    page.awaitAddress("#/connections?f=127.0.0.1");
  }

  @Test
  void whoMaySeeOwnConnectionsOnlyIsToldSo() {
    String user = name("user");
    http.put("/users/" + user, Map.of("password", "p", "tags", "management")).isEmpty(201);
    http.put("/permissions/%2F/" + user, Map.of("configure", ".*", "write", ".*", "read", ".*"))
        .isEmpty(201);
    page.open("#/connections");
    page.logIn(user, "p");
    page.awaitText("None of yours is connected");
    page.awaitText("Clients of other users need the tag monitoring.");
    page.awaitText(By.cssSelector("main .tabs"), "Connections\n0");
    page.open("#/channels");
    page.awaitText("None of yours is open");
    page.open("#/consumers");
    page.awaitText("None of yours takes messages");
    http.delete("/users/" + user).isEmpty(204);
  }

  @Test
  void consumerIsShownWithItsQueue() throws Exception {
    String queue = newQueue();
    page.enter("#/consumers");
    channel.basicQos(7);
    channel.basicConsume(queue, false, "tag-of-" + queue, (tag, message) -> {}, tag -> {});
    page.awaitText(Page.row("Consumers", queue), "tag-of-" + queue);
    page.awaitText(Page.row("Consumers", queue), "7");
  }

  @Test
  void whoPublishesToAnExchangeAndWhatItSendsOnAreShown() throws Exception {
    String exchange = newExchange("direct");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "k");
    Connection publisher = connect(name("publisher"));
    Channel own = publisher.createChannel();
    page.enter("#/exchanges/%2F/" + exchange + "/publishers");
    page.awaitText("Nobody publishes");
    for (int i = 0; i < 4_321; i++) {
      own.basicPublish(exchange, "k", null, bytes("m"));
    }
    By row = Page.row("Publishers", publisher.getClientProvidedName());
    page.awaitText(row, "channel 1");
    page.awaitText(row, "4,321");
    page.click(By.linkText("channel 1"));
    page.awaitText("to exchange");
    page.open("#/exchanges/%2F/" + exchange + "/bindings");
    page.awaitText(Page.row("Bindings from this exchange", queue), "4,321");
    page.open("#/queues/%2F/" + queue + "/bindings");
    page.awaitText(Page.row("Bindings", exchange), "4,321");
  }
}
