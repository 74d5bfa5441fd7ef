package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** Acts that lose something: no more goes than the dialog said. */
class PageLossTest extends PageTest {
  private static final By DIALOG = By.cssSelector("dialog[open]");
  private static final By LOSE = By.cssSelector("dialog[open] .danger-fill");
  private static final By KEEP = By.cssSelector("dialog[open] .keep");
  private static final By TOASTS = By.cssSelector(".toasts");
  private static final By BAR = By.cssSelector(".bulk");

  private void enter(String queue) {
    page.enter("#/queues/%2F/" + queue);
    page.awaitHeading(queue);
  }

  private void fill(String queue, int messages) throws Exception {
    fill(queue, Collections.nCopies(messages, "m").toArray(String[]::new));
  }

  private static By tick(String table, int row) {
    return By.xpath("//table[@aria-label='" + table + "']/tbody/tr[" + row + "]//input");
  }

  @Test
  void queueThatGrewMeanwhileIsDeletedOnlyAfterItIsCountedAnew() throws Exception {
    expectComplaint("400");
    String queue = newQueue();
    fill(queue, 3);
    enter(queue);
    page.act("Delete queue…");
    page.awaitText(DIALOG, "3 ready messages are lost.");
    fill(queue, 150);
    page.click(LOSE);
    page.awaitText(DIALOG, "counted anew: 153 ready messages are lost.");
    assertThat(page.find(LOSE).isEnabled()).isFalse();
    assertThat(ready(queue)).isEqualTo(153);
    page.await("the focus", d -> d.switchTo().activeElement().equals(d.findElement(KEEP)));
    page.press(queue);
    page.await("the name", d -> page.find(LOSE).isEnabled());
    page.press(Keys.ENTER);
    page.awaitHeading("Queues");
    http.get("/queues/%2F/" + queue).isNotFound();
  }

  @Test
  void queueThatGotAConsumerMeanwhileIsDeletedOnlyAfterItIsNamed() throws Exception {
    expectComplaint("400");
    String queue = newQueue();
    enter(queue);
    page.act("Delete queue…");
    page.awaitText(DIALOG, "It holds no messages.");
    channel.basicConsume(queue, true, (consumer, delivery) -> {}, consumer -> {});
    page.click(LOSE);
    page.awaitText(DIALOG, "1 consumer is cancelled");
    page.click(LOSE);
    page.awaitHeading("Queues");
  }

  @Test
  void emptyQuorumQueueIsDeletedAtOnce() throws Exception {
    String queue = name("q");
    channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
    enter(queue);
    page.act("Delete queue…");
    page.awaitText(DIALOG, "It holds no messages.");
    page.click(LOSE);
    page.awaitHeading("Queues");
  }

  @Test
  void queueThatGrewMeanwhileIsPurgedOnlyAfterItIsCountedAnew() throws Exception {
    expectComplaint("400");
    String queue = newQueue();
    fill(queue, 3);
    enter(queue);
    page.act("Purge queue…");
    page.awaitText(DIALOG, "3 ready messages are lost.");
    fill(queue, 150);
    page.click(LOSE);
    page.awaitText(DIALOG, "counted anew: 153 ready messages are lost.");
    assertThat(ready(queue)).isEqualTo(153);
    page.type(By.id("typed"), queue);
    channel.basicGet(queue, true);
    page.click(LOSE);
    page.awaitText(TOASTS, queue + " is purged: 152 messages gone");
    assertThat(ready(queue)).isZero();
  }

  @Test
  void queuesOfAListAreCountedWhenTheDialogOpensAndAgainWhenTheyGrew() throws Exception {
    expectComplaint("404");
    expectComplaint("400");
    String list = name("list");
    for (String end : new String[] {"a", "b", "c"}) {
      channel.queueDeclare(list + end, false, false, true, null);
      fill(list + end, 1);
    }
    page.enter("#/queues?f=" + list);
    for (int row = 1; row <= 3; row++) {
      page.click(tick("Queues", row));
    }
    channel.queueDelete(list + "c");
    fill(list + "a", 4);
    page.click(Page.button("Purge queues…"));
    page.awaitText(DIALOG, "Purge 2 queues?\n6 ready messages are lost.");
    page.awaitText(DIALOG, "Export the messages first");
    page.awaitText(BAR, "2 selected");
    fill(list + "b", 200);
    page.type(By.id("typed"), "purge 2");
    page.click(LOSE);
    page.awaitText(DIALOG, "counted anew: 201 ready messages are lost.");
    page.awaitText(TOASTS, "1 queue is purged: 5 messages gone");
    page.type(By.id("typed"), list + "b");
    page.click(LOSE);
    page.awaitText(TOASTS, list + "b is purged: 201 messages gone");
    page.click(Page.button("Delete queues…"));
    page.awaitText(
        DIALOG, "Delete 2 queues?\n0 ready messages are lost, 0 consumers are cancelled.");
    fill(list + "a", 1);
    page.type(By.id("typed"), "delete 2");
    page.click(LOSE);
    page.awaitText(DIALOG, "counted anew: 1 ready message is lost.");
    page.awaitText(BAR, "1 selected");
    page.click(LOSE);
    page.awaitGone(BAR);
    http.get("/queues/%2F/" + list + "a").isNotFound();
    http.get("/queues/%2F/" + list + "b").isNotFound();
  }

  @Test
  void queueThatIsPublishedToIsPurgedAndDeletedOnceMoreWasShown() throws Exception {
    expectComplaint("400");
    String queue = newQueue();
    fill(queue, 200);
    Channel other = keep(factory().newConnection()).createChannel();
    ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();
    try {
      publisher.scheduleAtFixedRate(
          () -> publishQuietly(other, queue), 0, 5, TimeUnit.MILLISECONDS);
      enter(queue);
      page.act("Purge queue…");
      page.type(By.id("typed"), queue);
      page.click(LOSE);
      page.awaitText(DIALOG, "More may come until you answer: up to ");
      page.type(By.id("typed"), queue);
      page.click(LOSE);
      page.awaitText(TOASTS, queue + " is purged: ");
      fill(queue, 200);
      page.act("Delete queue…");
      page.type(By.id("typed"), queue);
      page.click(LOSE);
      page.awaitText(DIALOG, "More may come until you answer: up to ");
      http.get("/queues/%2F/" + queue).hasStatus(200);
      page.type(By.id("typed"), queue);
      page.click(LOSE);
      page.awaitHeading("Queues");
    } finally {
      publisher.shutdownNow();
      assertThat(publisher.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void publishQuietly(Channel channel, String queue) {
    try {
      channel.basicPublish("", queue, null, bytes("m"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void bindingsThatGoWithSeveralQueuesAreToldAndTheCommandsAreBoundToWhatWasShown()
      throws Exception {
    expectComplaint("400");
    String list = name("list");
    String exchange = newExchange("topic");
    for (String end : new String[] {"a", "b"}) {
      channel.queueDeclare(list + end, false, false, true, null);
      channel.queueBind(list + end, exchange, "k");
    }
    page.enter("#/queues?f=" + list);
    page.click(tick("Queues", 1));
    page.click(tick("Queues", 2));
    page.click(Page.button("Delete queues…"));
    page.awaitText(DIALOG, "0 consumers are cancelled. 2 bindings go.");
    page.script("window.copied = null; navigator.clipboard.writeText = async t => { copied = t }");
    page.click(By.xpath("//dialog//button[normalize-space()='Copy as curl']"));
    String commands = page.await("commands", d -> (String) page.script("return window.copied"));
    assertThat(commands)
        .contains("/" + list + "a?if-messages=0&if-consumers=0&if-bindings=1'")
        .contains("/" + list + "b?if-messages=0&if-consumers=0&if-bindings=1'");
    channel.queueBind(list + "a", exchange, "more");
    page.type(By.id("typed"), "delete 2");
    page.click(LOSE);
    page.awaitText(DIALOG, "counted anew: It holds no messages. 2 bindings go.");
    page.click(LOSE);
    page.awaitGone(BAR);
  }

  @Test
  void allReadyMessagesAreChosenNoLongerThanTheSelectionLasts() throws Exception {
    String queue = newQueue();
    fill(queue, 300);
    enter(queue);
    selectAll();
    page.click(Page.button("Clear selection"));
    oneIsDeleted();
    selectAll();
    page.press(Keys.ESCAPE);
    oneIsDeleted();
    selectAll();
    page.type(By.cssSelector("[aria-label='Search messages']"), "m");
    oneIsDeleted();
    selectAll();
    page.click(tick("Messages", 2));
    page.awaitText(BAR, "49 selected");
    page.click(Page.button("Delete…"));
    page.awaitText(DIALOG, "Delete 49 messages of " + queue);
  }

  private void selectAll() {
    page.click(By.cssSelector("[aria-label='Select all on this page']"));
    page.awaitText(BAR, "50 selected");
    page.click(Page.button("Select all 300 ready"));
    page.awaitText(BAR, "all 300 ready selected");
  }

  private void oneIsDeleted() {
    page.awaitGone(BAR);
    page.click(tick("Messages", 1));
    page.awaitText(BAR, "1 selected");
    page.click(Page.button("Delete…"));
    page.awaitText(DIALOG, "Delete 1 message of ");
    page.click(KEEP);
    page.awaitGone(DIALOG);
    page.click(Page.button("Clear selection"));
    page.awaitGone(BAR);
  }

  /** Makes both; what connects the user there. */
  private ConnectionFactory created(String vhost, String user) throws Exception {
    http.put("/vhosts/" + vhost, Map.of()).isEmpty(201);
    http.put("/users/" + user, Map.of("password", "p", "tags", "")).isEmpty(201);
    http.put(
            "/permissions/" + vhost + "/" + user,
            Map.of("configure", ".*", "write", ".*", "read", ".*"))
        .isEmpty(201);
    ConnectionFactory factory = factory();
    factory.setAutomaticRecoveryEnabled(false);
    factory.setVirtualHost(vhost);
    factory.setUsername(user);
    factory.setPassword("p");
    return factory;
  }

  @Test
  void whatGoesWithAVirtualHostAndWithAUserIsCounted() throws Exception {
    String vhost = name("page-vhost");
    String user = name("page-user");
    ConnectionFactory factory = created(vhost, user);
    Connection first = keep(factory.newConnection());
    Connection second = keep(factory.newConnection());
    Channel other = first.createChannel();
    other.confirmSelect();
    other.queueDeclare("a", false, false, true, null);
    consumeNothing(other, "a");
    consumeNothing(second.createChannel(), "a");
    other.queueDeclare("b", false, false, false, null);
    other.basicPublish("", "a", null, bytes("m"));
    other.waitForConfirmsOrDie(10_000);
    page.enter("#/vhosts");
    deleteOf("Virtual hosts", vhost);
    page.awaitText(DIALOG, "2 queues with 1 message go, and all exchanges, bindings and policies");
    page.awaitText(DIALOG, "2 connections are cut off.");
    page.click(KEEP);
    page.awaitGone(DIALOG);
    page.open("#/users");
    deleteOf("Users", user);
    page.awaitText(DIALOG, "2 open connections are closed.");
    page.awaitText(DIALOG, "1 exclusive or auto-delete queue goes, and 1 message.");
    page.click(LOSE);
    page.awaitGone(Page.row("Users", user));
    http.delete("/vhosts/" + vhost).isEmpty(204);
  }

  @Test
  void messagesThatComeAfterAllWereSelectedStay() throws Exception {
    String queue = newQueue();
    String other = newQueue();
    fill(queue, 300);
    enter(queue);
    selectAll();
    fill(queue, 20);
    page.click(Page.button("Move…"));
    page.type(Page.field("Queue"), other);
    page.click(Page.submit());
    page.awaitText(TOASTS, "300 messages moved to " + other);
    assertThat(ready(queue)).isEqualTo(20);
    page.open("#/queues/%2F/" + other);
    page.awaitHeading(other);
    selectAll();
    page.click(Page.button("Delete…"));
    page.awaitText(DIALOG, "Delete 300 messages of " + other);
    fill(other, 20);
    channel.basicGet(other, true);
    page.type(By.id("typed"), other);
    page.click(LOSE);
    page.awaitText(TOASTS, "299 messages deleted from " + other + "; 1 other had left the queue");
    assertThat(ready(other)).isEqualTo(20);
  }

  @Test
  void messagesThatCameBackSinceTheyWereCountedAreCountedAnew() throws Exception {
    expectComplaint("400");
    String queue = newQueue();
    fill(queue, 301);
    long held = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
    enter(queue);
    selectAll();
    page.click(Page.button("Redrive"));
    page.awaitText(By.cssSelector(".list .sheet h2"), "Redrive 300 messages");
    channel.basicNack(held, false, true);
    fill(queue, 5);
    page.click(Page.button("Redrive 300 messages"));
    page.awaitText(TOASTS, "More messages are ready than were shown; counted anew: 306.");
    page.awaitText(By.cssSelector(".list .sheet h2"), "Redrive 306 messages");
    held = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
    page.click(Page.button("Only the marked ones"));
    page.awaitText(BAR, "50 selected");
    page.click(By.xpath("//button[starts-with(normalize-space(),'Select all 30')]"));
    page.awaitText(BAR, "all 305 ready selected");
    page.click(Page.button("Delete…"));
    page.awaitText(DIALOG, "Delete 305 messages of " + queue);
    channel.basicNack(held, false, true);
    page.type(By.id("typed"), queue);
    page.click(LOSE);
    page.awaitText(DIALOG, "counted anew: 306 messages are lost");
    assertThat(ready(queue)).isEqualTo(306);
    page.type(By.id("typed"), queue);
    page.click(LOSE);
    page.awaitText(TOASTS, "306 messages deleted from " + queue);
    assertThat(ready(queue)).isZero();
  }

  @Test
  void exchangeThatGotABindingMeanwhileIsDeletedOnlyAfterItIsCounted() throws Exception {
    expectComplaint("400");
    String exchange = newExchange("topic");
    String queue = newQueue();
    channel.queueBind(queue, exchange, "a");
    page.enter("#/exchanges/%2F/" + exchange);
    page.awaitHeading(exchange);
    page.act("Delete exchange…");
    page.awaitText(DIALOG, "1 binding goes.");
    channel.exchangeBind(exchange, "amq.topic", "b");
    page.click(LOSE);
    page.awaitText(DIALOG, "counted anew: 2 bindings go.");
    http.get("/exchanges/%2F/" + exchange).hasStatus(200);
    page.click(LOSE);
    page.awaitHeading("Exchanges");
    http.get("/exchanges/%2F/" + exchange).isNotFound();
  }

  @Test
  void virtualHostAndUserThatGotMoreMeanwhileAreDeletedOnlyAfterTheyAreCountedAnew()
      throws Exception {
    expectComplaint("400");
    String vhost = name("page-vhost");
    String user = name("page-user");
    ConnectionFactory factory = created(vhost, user);
    Channel other = keep(factory.newConnection()).createChannel();
    other.confirmSelect();
    other.queueDeclare("a", false, false, false, null);
    page.enter("#/users");
    deleteOf("Users", user);
    page.awaitText(DIALOG, "1 open connection is closed.");
    keep(factory.newConnection());
    page.click(LOSE);
    page.awaitText(
        DIALOG, "counted anew: the user's permissions go too; 2 open connections are closed.");
    assertThat(other.isOpen()).isTrue();
    page.click(KEEP);
    page.awaitGone(DIALOG);
    page.open("#/vhosts");
    deleteOf("Virtual hosts", vhost);
    page.awaitText(DIALOG, "1 queue with 0 messages goes");
    other.basicPublish("", "a", null, bytes("m"));
    other.waitForConfirmsOrDie(10_000);
    page.type(By.id("typed"), vhost);
    page.click(LOSE);
    page.awaitText(DIALOG, "counted anew: 1 queue with 1 message goes");
    assertThat(other.messageCount("a")).isEqualTo(1);
    page.awaitText(DIALOG, "More may come until you answer: up to ");
    other.basicPublish("", "a", null, bytes("m"));
    other.waitForConfirmsOrDie(10_000);
    page.type(By.id("typed"), vhost);
    page.click(LOSE);
    page.awaitGone(Page.row("Virtual hosts", vhost));
    http.delete("/users/" + user).isEmpty(204);
  }

  @Test
  void connectionWhoseAutoDeleteQueueGrewIsClosedOnlyAfterItIsCountedAnew() throws Exception {
    expectComplaint("400");
    ConnectionFactory factory = factory();
    factory.setAutomaticRecoveryEnabled(false);
    String client = name("client");
    Connection doomed = keep(factory.newConnection(client));
    Channel other = doomed.createChannel();
    String queue = other.queueDeclare(client, false, false, true, null).getQueue();
    consumeNothing(other, queue);
    page.enter("#/connections");
    page.click(By.linkText(client));
    page.awaitHeading(client);
    page.click(Page.button("Close connection…"));
    page.awaitText(DIALOG, "1 exclusive or auto-delete queue goes, and 0 messages.");
    fill(queue, 2);
    page.type(Page.field("Reason, sent to the client"), "Enough");
    page.click(LOSE);
    page.awaitText(DIALOG, "counted anew: The client");
    page.awaitText(DIALOG, "1 exclusive or auto-delete queue goes, and 2 messages.");
    assertThat(doomed.isOpen()).isTrue();
    page.click(LOSE);
    page.awaitHeading("Clients");
    page.awaitGone(Page.row("Connections", client));
    assertThat(doomed.getCloseReason().getMessage()).contains("Enough");
  }

  /** Consumes it at a prefetch that is full with the first message. */
  private static void consumeNothing(Channel consumer, String queue) throws Exception {
    consumer.basicQos(1);
    consumer.basicConsume(queue, false, (tag, delivery) -> {}, tag -> {});
  }

  private void deleteOf(String table, String name) {
    page.await(
        "the acts on " + name,
        d -> {
          d.findElement(Page.row(table, name))
              .findElement(By.cssSelector(".menu > button"))
              .click();
          return true;
        });
    page.click(By.xpath("//*[@role='menuitem'][starts-with(normalize-space(), 'Delete ')]"));
  }
}
