package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** What the forms that declare say before anything is declared, and how else it is done. */
class PageDeclareTest extends PageTest {
  private static final By FORM = By.cssSelector(".slide");
  private static final By CODE = By.cssSelector(".slide pre.code");

  private void openForm(String what) {
    page.enter("#/" + what + "s");
    page.click(Page.button("Declare " + (what.equals("queue") ? "a" : "an") + " " + what));
  }

  /** Adds an argument that the list does not know. */
  private void argument(String name, String value) {
    page.click(Page.button("Add an argument"));
    page.find(By.cssSelector(".slide [aria-label=Argument]")).sendKeys("Another");
    page.type(By.cssSelector(".slide [aria-label='Name of the argument']"), name);
    page.type(By.cssSelector(".slide [aria-label=Value]"), value);
  }

  private String shown(String language) {
    page.click(Page.button(language));
    return page.find(CODE).getText();
  }

  /** The words that a shell makes of the command. */
  private static List<String> words(String command) throws Exception {
    String say = "() { printf '%s\\n' \"$@\"; }\n";
    String script = "rabbitmqadmin" + say + "curl" + say + command;
    Process shell = new ProcessBuilder("/bin/sh", "-c", script).redirectErrorStream(true).start();
    try (var out = shell.getInputStream()) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void sameQueueIsDeclaredByRabbitmqadmin() throws Exception {
    openForm("queue");
    page.type(Page.field("Name"), "it's \"$HOME\" `a`");
    argument("x-note", "it's 5");
    List<String> words = words(shown("rabbitmqadmin"));
    assertThat(words)
        .endsWith(
            "declare",
            "queue",
            "name=it's \"$HOME\" `a`",
            "durable=true",
            "auto_delete=false",
            "arguments={\"x-note\":\"it's 5\"}")
        .containsSequence("-P", Integer.toString(BrokerUnderTest.managementUri().getPort()));
  }

  @Test
  void sameQueueIsDeclaredByCurlWhateverNamesAreLike() throws Exception {
    String user = "o'brien " + name("page");
    String address = "/users/" + user.replace(" ", "%20");
    Map<String, Object> tags = Map.of("password", "p", "tags", "administrator");
    http.put(address, tags).isEmpty(201);
    http.put(
            "/permissions/%2F" + address.substring("/users".length()),
            Map.of("configure", ".*", "write", ".*", "read", ".*"))
        .isEmpty(201);
    page.open("#/queues");
    page.logIn(user, "p");
    page.click(Page.button("Declare a queue"));
    page.type(Page.field("Name"), "o'brien q");
    argument("x-note", "it's 5");
    assertThat(words(shown("curl")))
        .containsSequence("-u", user)
        .containsSequence("-X", "PUT")
        .containsSequence(
            "-d", "{\"durable\":true,\"auto_delete\":false,\"arguments\":{\"x-note\":\"it's 5\"}}")
        .endsWith(BrokerUnderTest.managementUri() + "/api/queues/%2F/o'brien%20q");
    page.leave();
    http.delete(address).isEmpty(204);
  }

  @Test
  void sameExchangeIsDeclaredByRabbitmqadmin() throws Exception {
    openForm("exchange");
    page.type(Page.field("Name"), "orders");
    assertThat(words(shown("rabbitmqadmin")))
        .endsWith(
            "declare",
            "exchange",
            "name=orders",
            "type=topic",
            "durable=true",
            "auto_delete=false",
            "internal=false");
  }

  @Test
  void declarationThatWouldBeRefusedSaysSoAndTheBrokersWordsBeforeItIsSent() throws Exception {
    String queue = newQueue();
    openForm("queue");
    page.type(Page.field("Name"), queue);
    page.awaitText(
        By.cssSelector(".slide .hint.bad"),
        "Queue "
            + queue
            + " exists with other arguments: durable is false, you asked for true.\n"
            + "406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue '"
            + queue
            + "'");
    page.press(Keys.ESCAPE);
    String exchange = newExchange("direct");
    page.press("gx");
    page.awaitHeading("Exchanges");
    page.press("n");
    page.type(Page.field("Name"), exchange);
    page.awaitText(
        By.cssSelector(".slide .hint.bad"),
        "Exchange "
            + exchange
            + " exists with other arguments: type is direct, you asked for topic; durable is false, you asked for"
            + " true.\n"
            + "406 PRECONDITION_FAILED - inequivalent arg 'type' for exchange '"
            + exchange
            + "'");
  }

  @Test
  void declarationThatDiffersInSeveralArgumentsNamesAll() throws Exception {
    String queue = name("page");
    channel.queueDeclare(queue, false, false, false, Map.of("x-max-length", 7));
    openForm("queue");
    page.type(Page.field("Name"), queue);
    By hint = By.cssSelector(".slide .hint.bad");
    page.awaitText(
        hint, "durable is false, you asked for true; x-max-length is 7, you asked for none.");
    page.awaitText(
        hint, "406 PRECONDITION_FAILED - inequivalent arg 'durable' for queue '" + queue);
  }

  @Test
  void exchangeThatDeadLettersWouldGoToIsMissed() {
    openForm("queue");
    page.type(Page.field("Name"), name("page"));
    argument("x-dead-letter-exchange", "nobody");
    page.awaitText(FORM, "There is no exchange 'nobody' yet.");
  }

  @Test
  void typeThatNobodyChoseIsTheDefaultOfTheVirtualHostAndAChosenOneIsDeclared() throws Exception {
    String vhost = name("page");
    String queue = name("page");
    http.put("/vhosts/" + vhost, Map.of("default_queue_type", "quorum")).isEmpty(201);
    openForm("queue");
    page.find(Page.field("Virtual host")).sendKeys(vhost);
    awaitType("Quorum");
    page.click(By.xpath("//label[normalize-space()='Durable']"));
    awaitType("Classic");
    page.click(By.xpath("//label[normalize-space()='Durable']"));
    awaitType("Quorum");
    page.click(By.xpath("//*[@aria-label='Type']/button[normalize-space()='Classic']"));
    page.type(Page.field("Name"), queue);
    page.click(Page.submit());
    page.awaitText(By.cssSelector(".toasts"), queue);
    assertThat(http.read("/queues/" + vhost + "/" + queue).get("type").textValue())
        .isEqualTo("classic");
    http.delete("/vhosts/" + vhost).isEmpty(204);
  }

  private void awaitType(String type) {
    page.awaitText(By.cssSelector(".slide [aria-label=Type] [aria-pressed=true]"), type);
  }

  @Test
  void policiesThatSetTheSameAreNamedWithTheValueInForce() throws Exception {
    String queue = name("page");
    String policy = "/policies/%2F/" + queue;
    Map<String, Object> definition = Map.of("max-length", 500, "overflow", "reject-publish");
    http.put(policy, Map.of("pattern", queue, "definition", definition)).isEmpty(201);
    openForm("queue");
    page.type(Page.field("Name"), queue);
    argument("x-max-length", "1000");
    page.awaitText(FORM, "Policy " + queue + " sets 500, and that is in force.");
    page.type(By.cssSelector(".slide [aria-label=Value]"), "20");
    page.awaitText(FORM, "Policy " + queue + " sets 500, but 20 from here is in force.");
    page.type(Page.field("Name"), name("page"));
    page.await("no policy", d -> !d.findElement(FORM).getText().contains("Policy"));
    http.delete(policy).isEmpty(204);
  }
}
